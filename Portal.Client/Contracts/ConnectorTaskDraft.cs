namespace Portal.Client.Contracts;

/// <summary>Which Kafka topic a record goes to.</summary>
public enum DistributionPolicy
{
    /// <summary>One topic.</summary>
    OneTopic,

    /// <summary>A table from MQTT filters to topics.</summary>
    TopicMap,

    /// <summary>A template over the message.</summary>
    Template,
}

/// <summary>A row of a topic map.</summary>
public sealed record TopicMapEntry(string Filter, string Topic);

/// <summary>How a missing Kafka topic is created.</summary>
public sealed record TopicCreationSettings
{
    /// <summary>1 to 1 000.</summary>
    public int Partitions { get; init; } = 6;

    /// <summary>1 or more, or -1 for the cluster's default.</summary>
    public int Replicas { get; init; } = -1;

    /// <summary>Hours; null leaves the cluster's default.</summary>
    public int? RetentionHours { get; init; }

    /// <summary><c>delete</c>, <c>compact</c>, <c>compact,delete</c>, or null for the cluster's default.</summary>
    public string? Cleanup { get; init; }
}

/// <summary>Compression on the way to Kafka.</summary>
public enum CompressionKind
{
    /// <summary>None.</summary>
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
public enum PartitioningKind
{
    /// <summary>Its key.</summary>
    Key,

    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>Always the same.</summary>
    Fixed,

    /// <summary>The MQTT topic.</summary>
    Topic,

    /// <summary>The publisher's client id.</summary>
    PublisherClientId,
}

/// <summary>What a record's key is.</summary>
public enum KeyKind
{
    /// <summary>The MQTT topic.</summary>
    Topic,

    /// <summary>The message id.</summary>
    MessageId,

    /// <summary>The publisher's client id.</summary>
    PublisherClientId,

    /// <summary>A user property.</summary>
    UserProperty,

    /// <summary>A JSON path of the payload.</summary>
    PayloadPath,

    /// <summary>A template.</summary>
    Template,

    /// <summary>None.</summary>
    None,
}

/// <summary>What a record's timestamp is.</summary>
public enum TimestampKind
{
    /// <summary>When the message was received.</summary>
    Received,

    /// <summary>The property <c>$__messageTimestamp</c>.</summary>
    MessageTimestamp,

    /// <summary>A JSON path of the payload.</summary>
    PayloadPath,
}

/// <summary>What happens to a message that Kafka refuses or that cannot be mapped.</summary>
public enum FailurePolicyKind
{
    /// <summary>To the dead-letter topic.</summary>
    DeadLetter,

    /// <summary>Counted and gone.</summary>
    Discard,

    /// <summary>Raw into the target, with the reason.</summary>
    KeepRaw,

    /// <summary>The task stops.</summary>
    Stop,
}

/// <summary>What a person fills in to create or change a task.</summary>
public sealed record ConnectorTaskDraft
{
    /// <summary>Starts with a letter, then letters, digits, <c>-</c>, <c>.</c>, <c>_</c>; at most 64; unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>At most 128 characters.</summary>
    public string Description { get; init; } = "";

    /// <summary>The connection to read through.</summary>
    public string ConnectionId { get; init; } = "";

    /// <summary>MQTT topic filters; at least one, at most 200.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>0, 1 or 2.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>On: messages sent while the task is away are lost.</summary>
    public bool CleanSession { get; init; }

    /// <summary>Number of MQTT clients, 1 to 64, all in one shared group.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>A SQL WHERE condition, or null.</summary>
    public string? Filter { get; init; }

    /// <summary>The Kafka instance to write to.</summary>
    public string KafkaInstanceId { get; init; } = "";

    /// <summary>Whether an instance of another region than the connection's is meant so.</summary>
    public bool AllowOtherRegion { get; init; }

    /// <summary>Which topic.</summary>
    public DistributionPolicy Distribution { get; init; }

    /// <summary>The topic of <see cref="DistributionPolicy.OneTopic"/>.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The rows of <see cref="DistributionPolicy.TopicMap"/>.</summary>
    public IReadOnlyList<TopicMapEntry> TopicMap { get; init; } = [];

    /// <summary>The template of <see cref="DistributionPolicy.Template"/>.</summary>
    public string TopicTemplate { get; init; } = "";

    /// <summary>How missing topics are created, or null when they must exist.</summary>
    public TopicCreationSettings? AutoCreate { get; init; }

    /// <summary>Compression.</summary>
    public CompressionKind Compression { get; init; }

    /// <summary>Partitioning.</summary>
    public PartitioningKind Partitioning { get; init; }

    /// <summary>The partition of <see cref="PartitioningKind.Fixed"/>.</summary>
    public int FixedPartition { get; init; }

    /// <summary>Key.</summary>
    public KeyKind Key { get; init; }

    /// <summary>The property, path or template that <see cref="Key"/> needs.</summary>
    public string? KeyArgument { get; init; }

    /// <summary>Timestamp.</summary>
    public TimestampKind Timestamp { get; init; }

    /// <summary>The path that <see cref="TimestampKind.PayloadPath"/> needs.</summary>
    public string? TimestampPath { get; init; }

    /// <summary>Put before every header name.</summary>
    public string HeaderPrefix { get; init; } = "";

    /// <summary>Whether the headers <c>mqtt.topic</c> and so on are written.</summary>
    public bool MessageHeaders { get; init; } = true;

    /// <summary>Whether the MQTT 5 properties are written as headers.</summary>
    public bool PropertyHeaders { get; init; } = true;

    /// <summary>Whether the extension fields are written as headers.</summary>
    public bool ExtensionHeaders { get; init; } = true;

    /// <summary>Whether user properties are written as headers.</summary>
    public bool UserPropertyHeaders { get; init; } = true;

    /// <summary>Whether an empty payload becomes a tombstone.</summary>
    public bool EmptyPayloadIsTombstone { get; init; }

    /// <summary>What happens to refused messages.</summary>
    public FailurePolicyKind OnFailure { get; init; }

    /// <summary>The topic for dead letters; empty means the target topic with <c>.dlq</c>, or <c>&lt;task name&gt;.dlq</c> where there are several.</summary>
    public string DeadLetterTopic { get; init; } = "";

    /// <summary>Whether a dead letter that is too large for its topic is stored cut to 64 KiB, with its size and hash; otherwise the task stops there.</summary>
    public bool CutLargeDeadLetters { get; init; }

    /// <summary>0 to 100.</summary>
    public int RetryAttempts { get; init; }

    /// <summary>Seconds, 1 to 3 600.</summary>
    public int RetryIntervalSeconds { get; init; } = 1;

    /// <summary>Payload megabytes a second over all clients, 1 to 10 000, or null for no limit. A limit slows the task and drops nothing.</summary>
    public int? LimitMegabytesPerSecond { get; init; }

    /// <summary>Messages a second over all clients, 1 to 10 000 000, or null for no limit.</summary>
    public int? LimitMessagesPerSecond { get; init; }

    /// <summary>The largest record in kilobytes of 1 024 bytes, 1 to 900 000. A larger one is refused, and the failure policy decides.</summary>
    public int LargestRecordKilobytes { get; init; } = 1_024;

    /// <summary>Whether the task is started again by itself after a fault that a new start may mend: at most seven times within an hour.</summary>
    public bool RestartsByItself { get; init; } = true;
}
