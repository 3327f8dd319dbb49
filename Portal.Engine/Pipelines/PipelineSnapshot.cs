namespace Portal.Engine.Pipelines;

/// <summary>What a pipeline is observed to do. Never what somebody asked for.</summary>
public enum PipelineStatus
{
    /// <summary>Its clients connect for the first time.</summary>
    Starting,

    /// <summary>All clients are subscribed with what was asked for, and Kafka answers.</summary>
    Running,

    /// <summary>Messages flow, but with fewer clients or less than promised.</summary>
    Degraded,

    /// <summary>No client is connected, or a fault stopped it; the next attempt comes by itself.</summary>
    Recovering,

    /// <summary>Kafka does not answer or refuses the task; nothing is lost, the broker keeps the messages.</summary>
    Blocked,

    /// <summary>Nothing is tried any more until a person acts.</summary>
    Failed,

    /// <summary>It finishes what is open and ends.</summary>
    Draining,
}

/// <summary>What happens to one MQTT client of a pipeline.</summary>
public enum TaskClientStatus
{
    /// <summary>A connection is being made.</summary>
    Connecting,

    /// <summary>Connected and subscribed.</summary>
    Online,

    /// <summary>Not connected; the next attempt comes by itself.</summary>
    Waiting,

    /// <summary>It has unsubscribed and finishes what is open.</summary>
    Draining,

    /// <summary>Ended for good.</summary>
    Closed,
}

/// <summary>
/// The books of one run of a pipeline. At every instant
/// <c>Received = Delivered + DeadLettered + Filtered + Expired + Discarded + Abandoned + Open</c>.
/// All are counts of messages since the run began.
/// </summary>
/// <param name="Received">PUBLISH packets that entered a ledger, or were dropped at its door (QoS 0).</param>
/// <param name="Delivered">Confirmed by Kafka.</param>
/// <param name="DeadLettered">Confirmed by Kafka in the dead-letter topic.</param>
/// <param name="Filtered">Excluded by the filter, acknowledged.</param>
/// <param name="Expired">Too old by their MQTT message expiry before they were handed to the producer.</param>
/// <param name="Discarded">Given up by the operator's policy, or dropped at QoS 0.</param>
/// <param name="Abandoned">Open when their session was lost; the broker sends them again, and then they are received again.</param>
/// <param name="Open">Received and not yet settled: the occupancy of the ledgers, counted there and not computed from the others.</param>
/// <param name="Twins">Sent again by the broker on the same connection while still open; dropped, and not part of the sum.</param>
public readonly record struct PipelineBooks(
    long Received, long Delivered, long DeadLettered, long Filtered, long Expired, long Discarded, long Abandoned, long Open, long Twins)
{
    /// <summary>What the sum misses: 0 when the books balance.</summary>
    public long Unaccounted => Received - (Delivered + DeadLettered + Filtered + Expired + Discarded + Abandoned + Open);

    /// <summary>Both together, as of several clients or several runs.</summary>
    public PipelineBooks Plus(in PipelineBooks other) => new(
        Received + other.Received,
        Delivered + other.Delivered,
        DeadLettered + other.DeadLettered,
        Filtered + other.Filtered,
        Expired + other.Expired,
        Discarded + other.Discarded,
        Abandoned + other.Abandoned,
        Open + other.Open,
        Twins + other.Twins);
}

/// <summary>Why messages were discarded, in words, and how many.</summary>
public sealed record DiscardCount(string Reason, long Count);

/// <summary>One subscription of a client.</summary>
/// <param name="Filter">As subscribed, with <c>$share</c>.</param>
/// <param name="Qos">Asked for.</param>
/// <param name="GrantedQos">What SUBACK granted, or null before it came or when it was refused.</param>
/// <param name="Refusal">Why it was refused, in words, or null.</param>
public sealed record SubscriptionSnapshot(string Filter, int Qos, int? GrantedQos, string? Refusal);

/// <summary>A photo of one MQTT client of a pipeline.</summary>
public sealed record TaskClientSnapshot
{
    /// <summary>The MQTT client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its index in the task.</summary>
    public required int Index { get; init; }

    /// <summary>What it does.</summary>
    public required TaskClientStatus Status { get; init; }

    /// <summary>The endpoint in use or tried last, for example <c>tcp://127.0.0.1:1883</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Its own address as <c>ip:port</c> while connected.</summary>
    public string? LocalAddress { get; init; }

    /// <summary><c>5.0</c> or <c>3.1.1</c>.</summary>
    public string ProtocolVersion { get; init; } = "5.0";

    /// <summary>The keep alive in force (the server's, when it sent one).</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>Whether each connection starts a new session.</summary>
    public bool CleanSession { get; init; }

    /// <summary>The session expiry in force; null with MQTT 3.1.1, which knows none.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>Whether the broker had kept a session at the last CONNECT.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>When the pipeline made this client.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the present or last session began, or null.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When the last session ended, or null.</summary>
    public DateTimeOffset? DisconnectedAt { get; init; }

    /// <summary>The next attempt while <see cref="TaskClientStatus.Waiting"/>, or null.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>How many attempts failed since the last session; 0 while online.</summary>
    public int Attempt { get; init; }

    /// <summary>What was subscribed.</summary>
    public IReadOnlyList<SubscriptionSnapshot> Subscriptions { get; init; } = [];

    /// <summary>The user properties that CONNACK carried, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>What became of its messages since the client was made.</summary>
    public PipelineBooks Books { get; init; }

    /// <summary>Open deliveries.</summary>
    public int InFlight => (int)Books.Open;

    /// <summary>How long the oldest of them has been open, or null.</summary>
    public TimeSpan? OldestOpen { get; init; }

    /// <summary>How long its messages took to Kafka's acknowledgement.</summary>
    public LatencySnapshot Latency { get; init; }

    /// <summary>The same from their publishing, of a sample: one open delivery at a time; all null where its messages do not tell.</summary>
    public LatencySnapshot PublishLatency { get; init; }

    /// <summary>How many may be open.</summary>
    public int Window { get; init; }

    /// <summary>Messages received at QoS 0, 1 and 2 since the client was made.</summary>
    public required IReadOnlyList<long> ReceivedByQos { get; init; }

    /// <summary>Bytes read from the socket since the client was made.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Bytes written to the socket since the client was made.</summary>
    public long BytesSent { get; init; }

    /// <summary>Messages a second, over the last seconds.</summary>
    public double ReceivedPerSecond { get; init; }

    /// <summary>Messages a second that Kafka confirmed, dead letters among them, over the last five seconds.</summary>
    public double ConfirmedPerSecond { get; init; }

    /// <summary>Sessions begun after the first.</summary>
    public int Reconnects { get; init; }

    /// <summary>Why the last session ended or the last attempt failed, in words, or null.</summary>
    public string? LastError { get; init; }
}

/// <summary>Percentiles in milliseconds over the last minute, from PUBLISH received to Kafka's acknowledgement; all null when nothing was delivered.</summary>
public readonly record struct LatencySnapshot(double? P50, double? P95, double? P99);

/// <summary>An immutable photo of a pipeline. Taking one never waits and never disturbs the message path.</summary>
public sealed record PipelineSnapshot
{
    /// <summary>The id of the connector task.</summary>
    public required string Id { get; init; }

    /// <summary>Names this run, from start to stop; the books begin at zero with it.</summary>
    public required Guid RunId { get; init; }

    /// <summary>When this run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the photo was taken.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The revision of the spec in motion.</summary>
    public long Revision { get; init; }

    /// <summary>What it does.</summary>
    public required PipelineStatus Status { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why, in words that name the cause and what to do; null only while all is well.</summary>
    public string? Cause { get; init; }

    /// <summary>Whether a person must act; false means that it recovers by itself.</summary>
    public bool NeedsYou { get; init; }

    /// <summary>The attempt under way or planned while recovering or blocked, from 1; 0 otherwise, and while Kafka is asked without pause.</summary>
    public int Attempt { get; init; }

    /// <summary>After so many attempts nothing more is tried; 0 when it goes on trying without end.</summary>
    public int AttemptsAllowed { get; init; }

    /// <summary>When it is tried again by itself; null when it is not, and while an attempt is under way.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Whether a fault ended it: nothing of it moves until it is started anew, by itself or by a person.</summary>
    public bool HasFailed => Status == PipelineStatus.Failed || AttemptsAllowed > 0;

    /// <summary>What does not stop the pipeline but should be known, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The clients of this node, by index.</summary>
    public required IReadOnlyList<TaskClientSnapshot> Clients { get; init; }

    /// <summary>The books of this run, read in one consistent moment.</summary>
    public required PipelineBooks Books { get; init; }

    /// <summary>The parts of <see cref="PipelineBooks.Discarded"/>.</summary>
    public IReadOnlyList<DiscardCount> Discards { get; init; } = [];

    /// <summary>How many may be open over all clients.</summary>
    public int Window { get; init; }

    /// <summary>Whether a limit of the task slowed it within the last seconds.</summary>
    public bool IsThrottled { get; init; }

    /// <summary>Messages a second received, over the last seconds.</summary>
    public double InPerSecond { get; init; }

    /// <summary>Messages a second confirmed by Kafka, over the last seconds.</summary>
    public double OutPerSecond { get; init; }

    /// <summary>Payload bytes received since the run began.</summary>
    public long BytesIn { get; init; }

    /// <summary>How long the oldest open delivery has been open, or null.</summary>
    public TimeSpan? OldestOpen { get; init; }

    /// <summary>Receive to acknowledgement.</summary>
    public LatencySnapshot Latency { get; init; }

    /// <summary>
    /// From the user property <c>$__messageTimestamp</c> to acknowledgement, of a sample: one open delivery of each client at a time. By the broker's
    /// clock and ours; all null where messages do not carry it.
    /// </summary>
    public LatencySnapshot PublishLatency { get; init; }
}
