using Portal.Engine.Specs;

namespace Portal.Engine.Probing;

/// <summary>What to ask a Kafka cluster for, besides whether it answers.</summary>
public sealed record KafkaProbeTarget
{
    /// <summary>The topics that the task will write, as far as they are known; may be empty.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>How missing topics would be created, or null when they must exist.</summary>
    public TopicCreation? AutoCreate { get; init; }

    /// <summary>The largest record to expect, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_576;

    /// <summary>What is known of the broker that the messages come from; null when it was not asked or did not answer.</summary>
    public BrokerFacts? Source { get; init; }
}

/// <summary>One-shot staged tests of a broker or a Kafka cluster. Nothing is left behind there: no session, no subscription, no record.</summary>
public interface IEndpointProbe
{
    /// <summary>
    /// Resolves, connects, signs in and subscribes to a probe in a shared group. Yields a report at each change, the last one
    /// <see cref="ProbeReport.Finished"/>. Each step is bounded by 5 s and the whole by 10 s without an answer; cancelling ends it at once.
    /// </summary>
    /// <param name="broker">Where, and as whom.</param>
    /// <param name="userFollows">
    /// That <paramref name="broker"/> names no user because users are given elsewhere: a refusal to let nobody in is then a
    /// <see cref="ProbeState.Warning"/>, and what needs a user is skipped.
    /// </param>
    /// <param name="cancellationToken">Ends it at once.</param>
    IAsyncEnumerable<ProbeReport> ProbeMqttAsync(MqttBrokerSpec broker, bool userFollows, CancellationToken cancellationToken);

    /// <summary>Checks reachability, every advertised listener, authorisation, topics, replication against acks, and message size. Bounded like the other.</summary>
    IAsyncEnumerable<ProbeReport> ProbeKafkaAsync(KafkaSpec kafka, KafkaProbeTarget target, CancellationToken cancellationToken);
}
