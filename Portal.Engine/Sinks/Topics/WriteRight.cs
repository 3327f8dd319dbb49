using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Sinks.Producing;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Topics;

/// <summary>
/// Asks Kafka whether the task's user may write to a topic. A topic can be visible without being writable, and to find that out by
/// writing would mean reconnecting every client for each attempt.
/// </summary>
internal static class WriteRight
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    /// <summary>Returns when writing is allowed, or when this cluster does not say (before Kafka 2.3).</summary>
    public static async Task WaitAsync(KafkaSpec kafka, string topic, Action denied, SinkRetries retries, CancellationToken cancellationToken)
    {
        for (var attempt = 2; await IsDeniedAsync(kafka, topic, cancellationToken); attempt++)
        {
            denied();
            await retries.PauseAsync(attempt, Again, cancellationToken);
        }
    }

    private static async Task<bool> IsDeniedAsync(KafkaSpec kafka, string topic, CancellationToken cancellationToken)
    {
        var settings = new AdminClientConfig(KafkaClientConfig.Of(kafka, "connector-portal-rights"));
        using var client = new AdminClientBuilder(settings).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        try
        {
            var asking = client.DescribeTopicsAsync(
                TopicCollection.OfTopicNames([topic]),
                new DescribeTopicsOptions { IncludeAuthorizedOperations = true, RequestTimeout = Patience });
            var answer = await asking.WaitAsync(cancellationToken);
            var operations = answer.TopicDescriptions[0].AuthorizedOperations;
            return operations is { Count: > 0 } && !operations.Contains(AclOperation.Write) && !operations.Contains(AclOperation.All);
        }
        catch (DescribeTopicsException exception)
        {
            return exception.Results.TopicDescriptions[0].Error.Code == ErrorCode.TopicAuthorizationFailed;
        }
        catch (KafkaException)
        {
            // No answer: the next write will tell, and losing it is dealt with.
            return false;
        }
    }
}
