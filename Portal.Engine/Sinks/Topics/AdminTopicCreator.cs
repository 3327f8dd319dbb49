using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Topics;

/// <summary>Creates topics through Kafka's admin protocol, which every real cluster speaks.</summary>
public sealed class AdminTopicCreator : ITopicCreator
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public bool Owns(KafkaSpec kafka) => true;

    /// <inheritdoc/>
    public async Task<string?> CreateAsync(KafkaSpec kafka, string topic, TopicCreation creation, CancellationToken cancellationToken)
    {
        var settings = new AdminClientConfig(KafkaClientConfig.Of(kafka, "connector-portal-topics"));
        // The answer of the request says what is wrong; librdkafka's own lines would go to standard error.
        using var client = new AdminClientBuilder(settings).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        try
        {
            var creating = client.CreateTopicsAsync(
                [Specification(topic, creation)],
                new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
            await creating.WaitAsync(cancellationToken);
            return null;
        }
        catch (CreateTopicsException exception)
        {
            var error = exception.Results[0].Error;
            return error.Code == ErrorCode.TopicAlreadyExists ? null : Refusal(topic, creation, error);
        }
        catch (KafkaException exception)
        {
            return Refusal(topic, creation, exception.Error);
        }
    }

    /// <summary>What Kafka is asked for.</summary>
    internal static TopicSpecification Specification(string topic, TopicCreation creation)
    {
        var configs = new Dictionary<string, string>();
        if (creation.Retention is { } retention)
        {
            configs["retention.ms"] = ((long)retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        if (creation.Cleanup is { } cleanup)
        {
            configs["cleanup.policy"] = cleanup;
        }

        return new TopicSpecification
        {
            Name = topic,
            NumPartitions = creation.Partitions,
            ReplicationFactor = (short)creation.Replicas,
            Configs = configs,
        };
    }

    private static string Refusal(string topic, TopicCreation creation, Error error) =>
        $"Kafka did not create the topic '{topic}': {error.Reason.TrimEnd('.')}. {Advice(creation, error.Code)}";

    /// <summary>What to do when Kafka does not create a topic.</summary>
    internal static string Advice(TopicCreation creation, ErrorCode code) => code switch
    {
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed =>
            "Give the user of the Kafka instance the right to create topics, or create it yourself.",
        ErrorCode.InvalidReplicationFactor => $"{creation.Replicas} replicas were asked for; choose no more than the cluster has brokers.",
        ErrorCode.InvalidPartitions => $"{creation.Partitions} partitions were asked for; choose at least 1.",
        ErrorCode.InvalidConfig or ErrorCode.PolicyViolation =>
            "Change partitions, retention or cleanup to what the cluster allows, or let its administrator create the topic.",
        _ => "Create it yourself, or try again when Kafka answers.",
    };
}
