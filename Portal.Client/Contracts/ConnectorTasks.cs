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

    /// <summary>The newest of its kept events that is a warning or an error, also when it is over since; null when there is none.</summary>
    public TaskEvent? LastError { get; init; }

    /// <summary>The last observation, so that a list is right at its first paint.</summary>
    public required ConnectorTaskLive Live { get; init; }
}

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

    /// <summary>
    /// Disconnects one client and deletes its session at the broker: what it has received is brought to Kafka first, for at most 30 s; what the
    /// broker still holds for it, queued or on its way, is lost. It connects again by itself, with a new session. Refused, and nothing lost, when
    /// Kafka does not answer in time, and when the broker keeps no session of it.
    /// </summary>
    Task<CommandResult> DeleteSessionAsync(string id, string clientId, CancellationToken cancellationToken);

    /// <summary>The newest events, newest first, older than <paramref name="before"/> when given.</summary>
    Task<IReadOnlyList<TaskEvent>> EventsAsync(string id, long? before, int count, CancellationToken cancellationToken);

    /// <summary>The rates of the last 15 minutes in steps of 5 s, oldest first; shorter when the server has not observed it that long.</summary>
    Task<IReadOnlyList<RatePoint>> RatesAsync(string id, CancellationToken cancellationToken);
}
