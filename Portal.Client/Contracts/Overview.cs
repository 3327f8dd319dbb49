namespace Portal.Client.Contracts;

/// <summary>A task or a connection that does not stand as it should.</summary>
/// <param name="Id">Of the task or connection.</param>
/// <param name="Name">Its name.</param>
/// <param name="Task">The status, for a task; null for a connection.</param>
/// <param name="Connection">The status, for a connection; null for a task.</param>
/// <param name="Cause">Why, in words.</param>
/// <param name="Since">Since when, or null where that is not known.</param>
/// <param name="NextAttemptAt">When it is tried again by itself, or null.</param>
/// <param name="OperationId">The operation that says what is wrong and can be gone on with, or null.</param>
public sealed record AttentionItem(
    string Id,
    string Name,
    ConnectorTaskStatus? Task,
    ConnectionStatus? Connection,
    string Cause,
    DateTimeOffset? Since,
    DateTimeOffset? NextAttemptAt = null,
    string? OperationId = null);

/// <summary>A task among the first of some order.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The figure that it is ordered by.</param>
public sealed record TopTask(string Id, string Name, double Value);

/// <summary>What a person, or the server in a person's name, changed.</summary>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Text">What, in words.</param>
/// <param name="ObjectId">Of what was changed.</param>
/// <param name="IsGone">Whether it was removed by this, so that no page of it is left.</param>
public sealed record RecentChange(DateTimeOffset At, string Actor, string Text, string ObjectId, bool IsGone);

/// <summary>How everything stands now, in all regions or in one.</summary>
public sealed record OverviewView
{
    /// <summary>How many tasks have each status; those with none are left out.</summary>
    public required IReadOnlyDictionary<ConnectorTaskStatus, int> Tasks { get; init; }

    /// <summary>Messages a second received by all of them.</summary>
    public double InPerSecond { get; init; }

    /// <summary>Messages a second confirmed by Kafka.</summary>
    public double OutPerSecond { get; init; }

    /// <summary>Received and not yet in Kafka.</summary>
    public long Open { get; init; }

    /// <summary>How long the oldest of those has been open, or null.</summary>
    public TimeSpan? OldestOpen { get; init; }

    /// <summary>What the books of all tasks miss; 0 when they balance.</summary>
    public long Unaccounted { get; init; }

    /// <summary>Messages that ended in dead-letter topics in the last 24 hours.</summary>
    public long DeadLetters { get; init; }

    /// <summary>How many connections there are.</summary>
    public int Connections { get; init; }

    /// <summary>How many of them could not be used at their last check, or let none of their running tasks in.</summary>
    public int Unreachable { get; init; }

    /// <summary>How many Kafka instances there are.</summary>
    public int KafkaInstances { get; init; }

    /// <summary>What a person must act on, at most ten, the most urgent first.</summary>
    public IReadOnlyList<AttentionItem> NeedsYou { get; init; } = [];

    /// <summary>How many there are in all.</summary>
    public int NeedsYouCount { get; init; }

    /// <summary>What is tried again by itself, at most ten.</summary>
    public IReadOnlyList<AttentionItem> Recovering { get; init; } = [];

    /// <summary>How many there are in all.</summary>
    public int RecoveringCount { get; init; }

    /// <summary>The five tasks that receive most, by messages a second.</summary>
    public IReadOnlyList<TopTask> Busiest { get; init; } = [];

    /// <summary>The five tasks with most that is open.</summary>
    public IReadOnlyList<TopTask> Backlogged { get; init; } = [];

    /// <summary>The five tasks with most dead letters, discarded, expired and abandoned messages in the last hour.</summary>
    public IReadOnlyList<TopTask> Failing { get; init; } = [];

    /// <summary>How many tasks there are.</summary>
    public int TaskCount => Tasks.Values.Sum();

    /// <summary>How many have a status.</summary>
    public int Count(ConnectorTaskStatus status) => Tasks.GetValueOrDefault(status);
}

/// <summary>How everything stands. Open to everybody who is signed in.</summary>
public interface IOverviewService
{
    /// <summary>
    /// How it stands now. What is observed is of this moment; what is read from the database, as names, checks of connections and sums over
    /// hours, may be ten seconds old, so that asking every second costs little.
    /// </summary>
    Task<OverviewView> ReadAsync(string? region, CancellationToken cancellationToken);

    /// <summary>What was changed since a time, newest first, in all regions; sign-ins and refused changes are left to the audit.</summary>
    Task<IReadOnlyList<RecentChange>> ChangesAsync(DateTimeOffset since, int count, CancellationToken cancellationToken);
}
