namespace Portal.Engine.Specs;

/// <summary>How records are compressed on their way to Kafka.</summary>
public enum KafkaCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>snappy.</summary>
    Snappy,

    /// <summary>lz4.</summary>
    Lz4,

    /// <summary>zstd.</summary>
    Zstd,
}

/// <summary>What decides a record's partition.</summary>
public enum PartitioningRule
{
    /// <summary>The record's key (murmur2, as Kafka's own clients do); without a key, at random.</summary>
    Key,

    /// <summary>Each partition in turn.</summary>
    RoundRobin,

    /// <summary>Always <see cref="SinkSpec.FixedPartition"/>.</summary>
    Fixed,

    /// <summary>The MQTT topic.</summary>
    Topic,

    /// <summary>The user property <c>$__publisherClientId</c>.</summary>
    PublisherClientId,
}

/// <summary>What to create a missing topic with.</summary>
public sealed record TopicCreation
{
    /// <summary>At least 1. Default 6.</summary>
    public int Partitions { get; init; } = 6;

    /// <summary>At least 1, or -1 for the cluster's default.</summary>
    public int Replicas { get; init; } = -1;

    /// <summary><c>retention.ms</c>; null leaves the cluster's default.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary><c>cleanup.policy</c>: <c>delete</c>, <c>compact</c> or <c>compact,delete</c>; null leaves the cluster's default.</summary>
    public string? Cleanup { get; init; }
}

/// <summary>Where a pipeline's records go, and how they travel.</summary>
public sealed record SinkSpec
{
    /// <summary>The cluster and the credentials.</summary>
    public required KafkaSpec Kafka { get; init; }

    /// <summary>How to create topics that are missing, or null to create none.</summary>
    public TopicCreation? AutoCreate { get; init; }

    /// <summary>Default none.</summary>
    public KafkaCompression Compression { get; init; }

    /// <summary>Default by key.</summary>
    public PartitioningRule Partitioning { get; init; }

    /// <summary>The partition of <see cref="PartitioningRule.Fixed"/>.</summary>
    public int FixedPartition { get; init; }

    /// <summary>How long the producer waits for more records before it sends a batch. Default 5 ms.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The largest record in bytes (<c>message.max.bytes</c>). Default 1 MiB.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_576;

    /// <summary>Whether both ask for the same producer.</summary>
    public bool SameAs(SinkSpec other) => this == other;
}

/// <summary>What happens to a message that Kafka refuses for good or that cannot be mapped.</summary>
public enum FailureAction
{
    /// <summary>It goes to <see cref="DeliverySpec.DeadLetterTopic"/>, untouched, with the reason as headers.</summary>
    DeadLetter,

    /// <summary>It is acknowledged, counted and gone.</summary>
    Discard,

    /// <summary>Its raw payload goes to the target topic with the reason as header; it counts as delivered.</summary>
    KeepRaw,

    /// <summary>The pipeline fails and waits for a person; the broker keeps the message.</summary>
    Stop,
}

/// <summary>How failures of single messages are handled, and how patient the source is.</summary>
public sealed record DeliverySpec
{
    /// <summary>Default: dead letter.</summary>
    public FailureAction OnFailure { get; init; }

    /// <summary>The Kafka topic for dead letters, in the same cluster as the target. Needed by <see cref="FailureAction.DeadLetter"/>.</summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>
    /// Whether a dead letter that is itself too large is stored with the first 64 KiB of its value, its size and its hash. Default off: the
    /// pipeline then stops, and the broker keeps the message.
    /// </summary>
    public bool CutLargeDeadLetters { get; init; }

    /// <summary>How often a refused record is tried again before <see cref="OnFailure"/>. Default 0.</summary>
    public int RetryAttempts { get; init; }

    /// <summary>The pause before each of them. Default 1 s.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a QoS 0 message waits for a place in a full window before it is dropped and counted; <see cref="Timeout.InfiniteTimeSpan"/> for ever. Default 1 s.</summary>
    public TimeSpan Qos0Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After how long a client is connected anew, when messages of it are open and none is settled although Kafka answers. What the retries of a
    /// refused record may take is added. Default 60 s.
    /// </summary>
    public TimeSpan StandstillLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a client must have been quiet, with an empty window, before a drain ends its session. Default 5 s.</summary>
    public TimeSpan DrainQuiet { get; init; } = TimeSpan.FromSeconds(5);
}
