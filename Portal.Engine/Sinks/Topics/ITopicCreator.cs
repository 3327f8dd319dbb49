using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Topics;

/// <summary>
/// Creates topics in the Kafka clusters that are its own. Several are registered; the first whose <see cref="Owns"/> says yes is asked,
/// the one for any cluster comes last.
/// </summary>
public interface ITopicCreator
{
    /// <summary>Whether this is the one to ask for this cluster. Never waits.</summary>
    bool Owns(KafkaSpec kafka);

    /// <summary>Creates a topic. A topic that exists is fine and is left as it is.</summary>
    /// <returns>Null when it exists now, or why not, in words that say what to do.</returns>
    Task<string?> CreateAsync(KafkaSpec kafka, string topic, TopicCreation creation, CancellationToken cancellationToken);
}
