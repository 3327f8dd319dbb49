using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;
using Portal.Sandbox;
using Portal.Sandbox.Kafka;

namespace Portal.Server.Embedded;

/// <summary>Creates topics in the embedded Kafka, which does not know the request for it.</summary>
internal sealed class EmbeddedTopicCreator(EmbeddedSandbox sandbox) : ITopicCreator
{
    public bool Owns(KafkaSpec kafka) => sandbox.IsRunning && kafka.BootstrapServers == sandbox.KafkaBootstrap;

    public Task<string?> CreateAsync(KafkaSpec kafka, string topic, TopicCreation creation, CancellationToken cancellationToken)
    {
        try
        {
            sandbox.Kafka.CreateTopic(topic, creation.Partitions);
            return Task.FromResult<string?>(null);
        }
        catch (EmbeddedKafkaException refusal)
        {
            return Task.FromResult<string?>(refusal.Message);
        }
    }
}
