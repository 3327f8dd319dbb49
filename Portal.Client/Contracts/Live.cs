namespace Portal.Client.Contracts;

/// <summary>
/// The books of a task: <c>Received = Delivered + DeadLettered + Filtered + Expired + Discarded + Abandoned + Open</c>.
/// Sums of all runs of the task, the present one included.
/// </summary>
public sealed record TaskBooks(
    long Received, long Delivered, long DeadLettered, long Filtered, long Expired, long Discarded, long Abandoned, long Open, long Twins)
{
    /// <summary>Nothing yet.</summary>
    public static TaskBooks Empty { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>What the sum misses; 0 when the books balance.</summary>
    public long Unaccounted => Received - (Delivered + DeadLettered + Filtered + Expired + Discarded + Abandoned + Open);
}

/// <summary>What is observed of a task now.</summary>
public sealed record ConnectorTaskLive
{
    /// <summary>The task's id.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required ConnectorTaskStatus Status { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Why, in words; null while all is well.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether a person must act; false means that it recovers by itself.</summary>
    public bool NeedsYou { get; init; }

    /// <summary>The attempt under way or planned while recovering or blocked; 0 otherwise, and while Kafka is asked without pause.</summary>
    public int Attempt { get; init; }

    /// <summary>After so many attempts nothing more is tried, and the task needs a person; 0 when it goes on trying without end.</summary>
    public int AttemptsAllowed { get; init; }

    /// <summary>When it is tried again by itself, or null.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Whether a limit of the task slowed it within the last seconds.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>
    /// Seconds for which the broker keeps the sessions once the task is away, as granted; 0 when it keeps none, null while it is not known (no
    /// client was connected yet) or decided by the broker alone (MQTT 3.1.1).
    /// </summary>
    public long? SessionExpirySeconds { get; init; }

    /// <summary>While paused: until when the broker keeps the sessions and queues for them, or null when that is not known or it keeps none.</summary>
    public DateTimeOffset? SessionsKeptUntil { get; init; }

    /// <summary>How many sessions it owes to brokers: see <see cref="IOwedSessions"/>.</summary>
    public int OwedSessions { get; init; }

    /// <summary>What does not stop it but should be known.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Whether the settings in motion are older than those stored: "restart to apply".</summary>
    public bool RestartToApply { get; init; }

    /// <summary>Messages a second received.</summary>
    public double InPerSecond { get; init; }

    /// <summary>Messages a second confirmed by Kafka.</summary>
    public double OutPerSecond { get; init; }

    /// <summary>Clients that are online.</summary>
    public int ClientsOnline { get; init; }

    /// <summary>Clients that were asked for.</summary>
    public int ClientsAsked { get; init; }

    /// <summary>The books.</summary>
    public TaskBooks Books { get; init; } = TaskBooks.Empty;

    /// <summary>Why messages were discarded in this run, and how many.</summary>
    public IReadOnlyDictionary<string, long> Discards { get; init; } = new Dictionary<string, long>();

    /// <summary>How many may be open.</summary>
    public int Window { get; init; }

    /// <summary>How long the oldest open delivery has been open, or null.</summary>
    public TimeSpan? OldestOpen { get; init; }

    /// <summary>Milliseconds from PUBLISH to Kafka's acknowledgement, 50th percentile of the last minute, or null.</summary>
    public double? LatencyP50 { get; init; }

    /// <summary>The 95th.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>The 99th.</summary>
    public double? LatencyP99 { get; init; }

    /// <summary>
    /// Milliseconds from the user property <c>$__messageTimestamp</c> to Kafka's acknowledgement, of a sample of the last minute, by the broker's clock
    /// and this server's; null where messages do not carry it.
    /// </summary>
    public double? PublishLatencyP50 { get; init; }

    /// <summary>The 95th.</summary>
    public double? PublishLatencyP95 { get; init; }

    /// <summary>The 99th.</summary>
    public double? PublishLatencyP99 { get; init; }

    /// <summary>Messages that wait at the broker for this task, or null when the broker does not tell.</summary>
    public long? Backlog { get; init; }

    /// <summary>How many messages the broker keeps at most for this task, or null when it does not tell.</summary>
    public long? BacklogLimit { get; init; }

    /// <summary>
    /// For about how many seconds from now the broker would keep everything for this task if it stopped: until its queue is full at the present
    /// rate, or the sessions expire. Null when the broker does not tell the size of its queue.
    /// </summary>
    public long? OutageBudgetSeconds { get; init; }

    /// <summary>Since when the present run runs, or null while paused.</summary>
    public DateTimeOffset? RunStartedAt { get; init; }

    /// <summary>When this was observed.</summary>
    public DateTimeOffset ObservedAt { get; init; }

    /// <summary>Whether the task is gone; nothing follows.</summary>
    public bool IsDeleted { get; init; }
}

/// <summary>All tasks in a few figures, at one look.</summary>
/// <param name="ByStatus">How many tasks have each status; a status that no task has is absent.</param>
/// <param name="InPerSecond">Messages a second received by all of them.</param>
/// <param name="OutPerSecond">Messages a second confirmed by Kafka for all of them.</param>
/// <param name="Moves">How often so far a task came, went or changed its status: the same number means that every task has the status that it had.</param>
public sealed record TaskTotals(IReadOnlyDictionary<ConnectorTaskStatus, int> ByStatus, double InPerSecond, double OutPerSecond, long Moves)
{
    /// <summary>Of no task.</summary>
    public static TaskTotals Empty { get; } = new(new Dictionary<ConnectorTaskStatus, int>(), 0, 0, 0);

    /// <summary>How many have this status.</summary>
    public int Of(ConnectorTaskStatus status) => ByStatus.GetValueOrDefault(status);
}

/// <summary>The states of a task's MQTT client.</summary>
public enum LiveClientStatus
{
    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>Connected and subscribed.</summary>
    Online,

    /// <summary>Not connected; the next attempt is planned.</summary>
    Waiting,

    /// <summary>It finishes what is open.</summary>
    Draining,

    /// <summary>Ended.</summary>
    Closed,
}

/// <summary>A subscription of a client.</summary>
public sealed record LiveSubscription(string Filter, int Qos, int? GrantedQos, string? Refusal);

/// <summary>What is observed of one MQTT client of a task.</summary>
public sealed record TaskClientLive
{
    /// <summary>The MQTT client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it does.</summary>
    public required LiveClientStatus Status { get; init; }

    /// <summary>The endpoint in use or tried last.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Its own <c>ip:port</c> while connected.</summary>
    public string? Host { get; init; }

    /// <summary><c>5.0</c> or <c>3.1.1</c>.</summary>
    public string ProtocolVersion { get; init; } = "";

    /// <summary>Seconds.</summary>
    public int KeepAliveSeconds { get; init; }

    /// <summary>Whether each connection starts a new session.</summary>
    public bool CleanSession { get; init; }

    /// <summary>Seconds, or null with MQTT 3.1.1.</summary>
    public long? SessionExpirySeconds { get; init; }

    /// <summary>Whether the broker had kept the session.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>When the client was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the present or last session began.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When the last session ended.</summary>
    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>When it is tried again, or null.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Failed attempts since the last session.</summary>
    public int Attempt { get; init; }

    /// <summary>Its subscriptions.</summary>
    public IReadOnlyList<LiveSubscription> Subscriptions { get; init; } = [];

    /// <summary>The user properties of CONNACK, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>What became of its messages since the client was made, with the present run.</summary>
    public TaskBooks Books { get; init; } = TaskBooks.Empty;

    /// <summary>Open deliveries.</summary>
    public int InFlight => (int)Books.Open;

    /// <summary>How long the oldest of them has been open, or null.</summary>
    public TimeSpan? OldestOpen { get; init; }

    /// <summary>Milliseconds from PUBLISH received to Kafka's acknowledgement, 50th percentile of its last minute, or null when nothing was delivered.</summary>
    public double? LatencyP50 { get; init; }

    /// <summary>The 95th.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>The 99th.</summary>
    public double? LatencyP99 { get; init; }

    /// <summary>
    /// Milliseconds from the user property <c>$__messageTimestamp</c> to Kafka's acknowledgement, of a sample of its last minute, by the broker's
    /// clock and this server's; null where its messages do not carry it.
    /// </summary>
    public double? PublishLatencyP50 { get; init; }

    /// <summary>The 95th.</summary>
    public double? PublishLatencyP95 { get; init; }

    /// <summary>The 99th.</summary>
    public double? PublishLatencyP99 { get; init; }

    /// <summary>How many may be open.</summary>
    public int Window { get; init; }

    /// <summary>Messages received at QoS 0, 1, 2.</summary>
    public IReadOnlyList<long> ReceivedByQos { get; init; } = [0, 0, 0];

    /// <summary>Bytes read.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes written.</summary>
    public long BytesSent { get; init; }

    /// <summary>Messages a second.</summary>
    public double ReceivedPerSecond { get; init; }

    /// <summary>Messages a second that Kafka confirmed, dead letters among them.</summary>
    public double ConfirmedPerSecond { get; init; }

    /// <summary>Sessions after the first.</summary>
    public int Reconnects { get; init; }

    /// <summary>Why the last session ended or the last attempt failed, or null.</summary>
    public string? LastError { get; init; }
}

/// <summary>The clients of one task.</summary>
/// <param name="TaskId">Whose.</param>
/// <param name="Clients">By client id.</param>
public sealed record TaskClientsLive(string TaskId, IReadOnlyList<TaskClientLive> Clients);

/// <summary>
/// Initial state and what changes after it, taken under one lock: nothing between them is missed and nothing comes twice.
/// Dispose it to stop watching.
/// </summary>
public sealed class LiveWatch<T>(T initial, IAsyncEnumerable<T> changes, Action stop) : IDisposable
{
    /// <summary>The state when the watch began.</summary>
    public T Initial { get; } = initial;

    /// <summary>
    /// What changed, coalesced: a reader that falls behind sees the newest and not the ones between. Ends when the watch is disposed.
    /// To be read once.
    /// </summary>
    public IAsyncEnumerable<T> Changes { get; } = changes;

    /// <inheritdoc/>
    public void Dispose() => stop();
}

/// <summary>The latest observations, and their changes as they come. At most four changes a second reach a watcher.</summary>
public interface ILiveFeed
{
    /// <summary>
    /// The tasks of these ids, or all of them where <paramref name="ids"/> is null, at first, then those that changed; a deleted task comes once
    /// more with status Deleting and <see cref="ConnectorTaskLive.IsDeleted"/>.
    /// </summary>
    LiveWatch<IReadOnlyList<ConnectorTaskLive>> WatchTasks(IEnumerable<string>? ids = null);

    /// <summary>All tasks in a few figures; at least once a second while the server observes anything at all, so that silence means it does not.</summary>
    LiveWatch<TaskTotals> WatchTotals();

    /// <summary>The clients of one task.</summary>
    LiveWatch<TaskClientsLive> WatchClients(string taskId);

    /// <summary>The running operations and those that ended in the last minutes at first, then those that changed.</summary>
    LiveWatch<IReadOnlyList<OperationView>> WatchOperations();

    /// <summary>Whether the server can store: at first nothing or how it stands, then the beginning and the end of each trouble.</summary>
    LiveWatch<IReadOnlyList<StorageTrouble>> WatchStorage();
}
