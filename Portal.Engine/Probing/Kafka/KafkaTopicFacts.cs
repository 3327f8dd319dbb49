using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Portal.Engine.Probing.Kafka;

/// <summary>What a cluster says about one topic.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Error">Why it cannot be described; <see cref="ErrorCode.UnknownTopicOrPart"/> when it does not exist.</param>
/// <param name="Partitions">How many there are.</param>
/// <param name="Leaderless">How many of them have no leader.</param>
/// <param name="Replicas">Of the partition with the fewest.</param>
/// <param name="InSync">Of the partition with the fewest in sync.</param>
/// <param name="MayWrite">Whether this client may write; null when the cluster does not say.</param>
internal sealed record KafkaTopicFacts(string Name, ErrorCode Error, int Partitions, int Leaderless, int Replicas, int InSync, bool? MayWrite)
{
    public bool Exists => Error == ErrorCode.NoError;

    public bool IsMissing => Error == ErrorCode.UnknownTopicOrPart;

    public static KafkaTopicFacts Missing(string name) => new(name, ErrorCode.UnknownTopicOrPart, 0, 0, 0, 0, null);

    public static KafkaTopicFacts Of(TopicDescription topic)
    {
        if (topic.Error.IsError)
        {
            return Missing(topic.Name) with { Error = topic.Error.Code };
        }

        var partitions = topic.Partitions;
        return new(
            topic.Name,
            topic.Error.Code,
            partitions.Count,
            partitions.Count(partition => partition.Leader is null or { Id: < 0 }),
            partitions.Select(partition => partition.Replicas.Count).DefaultIfEmpty().Min(),
            partitions.Select(partition => partition.ISR.Count).DefaultIfEmpty().Min(),
            topic.AuthorizedOperations is { } operations ? operations.Contains(AclOperation.Write) : null);
    }

    public static KafkaTopicFacts Of(TopicMetadata topic) => new(
        topic.Topic,
        topic.Error.Code,
        topic.Partitions.Count,
        topic.Partitions.Count(partition => partition.Leader < 0),
        topic.Partitions.Select(partition => partition.Replicas.Length).DefaultIfEmpty().Min(),
        topic.Partitions.Select(partition => partition.InSyncReplicas.Length).DefaultIfEmpty().Min(),
        null);
}
