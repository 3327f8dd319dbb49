using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Specs;

namespace Portal.Tests.Server.ConnectorTasks;

/// <summary>A task that is right in every field, to be spoiled by tests.</summary>
internal static class Drafts
{
    public const string Id = "task-y8k3m2ab";

    public static ConnectorTaskDraft Valid { get; } = new()
    {
        Name = "line7-to-orders",
        ConnectionId = "resource-aaaaaaaa",
        Topics = ["line/7/#"],
        KafkaInstanceId = "ckafka-aaaaaaaa",
        Topic = "orders",
    };

    public static MqttBrokerSpec Broker { get; } = new() { Endpoints = [new MqttEndpoint(MqttTransport.Tcp, "broker", 1883)], UserName = "u", Password = "p" };

    public static KafkaSpec Kafka { get; } = new() { BootstrapServers = "kafka:9092" };

    public static PipelineSpec Spec(ConnectorTaskDraft? draft = null) => PipelineSpecCompiler.Compile(Id, 1, draft ?? Valid, Broker, Kafka);
}
