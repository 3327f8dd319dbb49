using System.Runtime.CompilerServices;

namespace Portal.Tests.Fixtures;

/// <summary>Tests that use Confluent.Kafka alone must get the same librdkafka as the engine; its module decides that when it is loaded.</summary>
internal static class KafkaLibrary
{
    [ModuleInitializer]
    internal static void LoadEngine() => RuntimeHelpers.RunModuleConstructor(typeof(Portal.Engine.Specs.PipelineSpec).Module.ModuleHandle);
}
