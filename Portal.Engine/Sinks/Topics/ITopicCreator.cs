using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Topics;

/// <summary>
/// Creates topics in those Kafka clusters that need a way of their own. All that are registered are asked in order whether a cluster
/// <see cref="Owns">is theirs</see>; for every other cluster the engine uses Kafka's admin protocol.
/// </summary>
public interface ITopicCreator
{
    /// <summary>Whether this is the one to ask for this cluster. Never waits.</summary>
    bool Owns(KafkaSpec kafka);

    /// <summary>Creates a topic. A topic that exists is fine and is left as it is.</summary>
    /// <returns>Null when it exists now, or why not, in words that say what to do.</returns>
    Task<string?> CreateAsync(KafkaSpec kafka, string topic, TopicCreation creation, CancellationToken cancellationToken);
}
