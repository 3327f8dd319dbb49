namespace Portal.Client.Contracts;

/// <summary>What a person asked of a task.</summary>
public enum AskedState
{
    /// <summary>It shall run.</summary>
    Running,

    /// <summary>It shall rest; the broker keeps its sessions.</summary>
    Paused,
}

/// <summary>What a task is observed to do; in the order of attention.</summary>
public enum ConnectorTaskStatus
{
    /// <summary>Nothing is tried any more until a person acts.</summary>
    Failed,

    /// <summary>Kafka does not answer or refuses the task; nothing is lost.</summary>
    Blocked,

    /// <summary>No client is connected; it tries again by itself.</summary>
    Recovering,

    /// <summary>Fewer clients, or less than promised.</summary>
    Degraded,

    /// <summary>Its clients connect for the first time.</summary>
    Starting,

    /// <summary>It finishes what is open, to pause.</summary>
    Pausing,

    /// <summary>It finishes what is open, to start again.</summary>
    Restarting,

    /// <summary>It ends its sessions, to be deleted.</summary>
    Deleting,

    /// <summary>Everything flows.</summary>
    Running,

    /// <summary>It rests.</summary>
    Paused,
}

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

/// <summary>A task as stored, without what is observed.</summary>
public sealed record ConnectorTaskView
{
    /// <summary><c>task-</c> and eight characters.</summary>
    public required string Id { get; init; }

    /// <summary>Grows with each change; sent back with an update.</summary>
    public long Revision { get; init; }

    /// <summary>What was asked for.</summary>
    public required ConnectorTaskDraft Settings { get; init; }

    /// <summary>Running or paused.</summary>
    public AskedState Asked { get; init; }

    /// <summary>Name of the connection.</summary>
    public required string ConnectionName { get; init; }

    /// <summary>Name of the Kafka instance.</summary>
    public required string KafkaInstanceName { get; init; }

    /// <summary>Code of the region.</summary>
    public required string Region { get; init; }

    /// <summary>The name of the shared group, <c>task_…</c>.</summary>
    public required string GroupName { get; init; }

    /// <summary>The dead-letter topic in force, or null.</summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>By whom.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The last observation, so that a list is right at its first paint.</summary>
    public required ConnectorTaskLive Live { get; init; }
}

/// <summary>How serious an event is.</summary>
public enum EventSeverity
{
    /// <summary>For the record.</summary>
    Info,

    /// <summary>Recovers by itself, or costs something.</summary>
    Warning,

    /// <summary>Needs a person.</summary>
    Error,
}

/// <summary>What happened to a task.</summary>
/// <param name="Id">Grows with time; anchors of links are made of it.</param>
/// <param name="At">When.</param>
/// <param name="Kind"><c>Status</c>, <c>Session</c>, <c>Failure</c>, <c>Notice</c>, <c>RunEnded</c>, <c>Command</c> or <c>Config</c>.</param>
/// <param name="Severity">How serious.</param>
/// <param name="Actor">Who did it, or null when it happened by itself.</param>
/// <param name="Text">In words.</param>
public sealed record TaskEvent(long Id, DateTimeOffset At, string Kind, EventSeverity Severity, string? Actor, string Text);

/// <summary>A point of a task's history.</summary>
/// <param name="At">The end of the interval.</param>
/// <param name="InPerSecond">Messages a second received.</param>
/// <param name="OutPerSecond">Messages a second confirmed by Kafka.</param>
public readonly record struct RatePoint(DateTimeOffset At, double InPerSecond, double OutPerSecond);

/// <summary>Connector tasks. Authorisation is inside: every change needs the role Administrator. A change is stored and audited in one save, then handed to the engine.</summary>
public interface IConnectorTaskService
{
    /// <summary>A page of the list. The list's own order is by attention: failed first, running and paused last, then the latest change.</summary>
    Task<ListPage<ConnectorTaskView>> ListAsync(ListQuery query, CancellationToken cancellationToken);

    /// <summary>One task, or null.</summary>
    Task<ConnectorTaskView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>All that is wrong with a draft, without asking a broker. <paramref name="id"/> is null for a new one.</summary>
    Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectorTaskDraft draft, CancellationToken cancellationToken);

    /// <summary>Asks the Kafka instance whether the task could write there, step by step; never writes a record.</summary>
    IAsyncEnumerable<ValidationReport> PreflightAsync(string? id, ConnectorTaskDraft draft, CancellationToken cancellationToken);

    /// <summary>Creates a task and starts it, or leaves it paused.</summary>
    Task<CommandResult> CreateAsync(ConnectorTaskDraft draft, bool paused, CancellationToken cancellationToken);

    /// <summary>Changes a task. A running one swaps mapping and filter at the next message, and drains and restarts for anything else.</summary>
    Task<CommandResult> UpdateAsync(string id, long revision, ConnectorTaskDraft draft, CancellationToken cancellationToken);

    /// <summary>Pauses tasks; the broker keeps their sessions.</summary>
    Task<CommandResult> PauseAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Resumes tasks.</summary>
    Task<CommandResult> ResumeAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Restarts running tasks with the settings stored now. Several become one operation.</summary>
    Task<CommandResult> RestartAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a task: drains it, ends its sessions at the broker, then removes it. While the broker cannot be reached the task stays in the
    /// list as Deleting with "needs you" and the cause, and it is tried again; <paramref name="forgetSessions"/> gives that up and removes the
    /// task at once: what the broker still holds for it is lost when its sessions expire there.
    /// </summary>
    Task<CommandResult> DeleteAsync(string id, long revision, bool forgetSessions, CancellationToken cancellationToken);

    /// <summary>Closes the network session of one client; it reconnects by itself.</summary>
    Task<CommandResult> DisconnectClientAsync(string id, string clientId, CancellationToken cancellationToken);

    /// <summary>The newest events, newest first, older than <paramref name="before"/> when given.</summary>
    Task<IReadOnlyList<TaskEvent>> EventsAsync(string id, long? before, int count, CancellationToken cancellationToken);

    /// <summary>The rates of the last 15 minutes in steps of 5 s, oldest first; shorter when the server has not observed it that long.</summary>
    Task<IReadOnlyList<RatePoint>> RatesAsync(string id, CancellationToken cancellationToken);
}
