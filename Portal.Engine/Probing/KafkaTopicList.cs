using Confluent.Kafka;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing;

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Replicas">How many replicas its first partition has.</param>
public sealed record KafkaTopic(string Name, int Partitions, int Replicas);

/// <summary>Asks a Kafka cluster once which topics it has.</summary>
public static class KafkaTopicList
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The topics by name, without internal ones; or none, and why, in words. Waits at most 5 s for an answer.</summary>
    /// <param name="kafka">The cluster and the credentials.</param>
    /// <param name="cancellationToken">Ends the wait; the connection is closed in the background.</param>
    public static Task<(IReadOnlyList<KafkaTopic> Topics, string? Cause)> ReadAsync(KafkaSpec kafka, CancellationToken cancellationToken) =>
        OwnThread.RunAsync(() => Read(kafka)).WaitAsync(cancellationToken);

    private static (IReadOnlyList<KafkaTopic> Topics, string? Cause) Read(KafkaSpec kafka)
    {
        // Without a reason from its log librdkafka only says that it waited in vain.
        string? reason = null;
        try
        {
            using var admin = new AdminClientBuilder(KafkaClientConfig.Of(kafka, "connector-portal-topics"))
                .SetErrorHandler((_, error) => reason = error.Code == ErrorCode.Local_AllBrokersDown ? reason : error.Reason)
                .SetLogHandler((_, _) => { })
                .Build();
            var topics = admin.GetMetadata(Patience).Topics
                .Where(topic => !topic.Topic.StartsWith("__", StringComparison.Ordinal))
                .Select(
                    topic => new KafkaTopic(topic.Topic, topic.Partitions.Count, topic.Partitions.FirstOrDefault()?.Replicas.Length ?? 0))
                .OrderBy(topic => topic.Name, StringComparer.Ordinal);
            return ([.. topics], null);
        }
        catch (KafkaException cause)
        {
            return (
                [],
                $"Kafka at {kafka.BootstrapServers} did not list its topics: {reason ?? cause.Error.Reason} Test the instance to see why.");
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidOperationException)
        {
            return ([], $"The settings of this Kafka instance cannot be used: {cause.Message}");
        }
    }
}
