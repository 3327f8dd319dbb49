namespace Portal.Client.Contracts;

/// <summary>How an operation, or one item of it, stands.</summary>
public enum OperationState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Stopped after failures, or by a person; can go on.</summary>
    Paused,

    /// <summary>All done.</summary>
    Succeeded,

    /// <summary>Ended with failures.</summary>
    Failed,

    /// <summary>Given up by a person, or not reached.</summary>
    Cancelled,
}

/// <summary>One item of an operation.</summary>
/// <param name="TargetId">The id of the object, for example a task.</param>
/// <param name="TargetName">Its name.</param>
/// <param name="State">How it stands.</param>
/// <param name="Text">What happened, in words, or null.</param>
/// <param name="Took">How long it took, or null.</param>
public sealed record OperationItem(string TargetId, string TargetName, OperationState State, string? Text, TimeSpan? Took);

/// <summary>How many items of an operation stand how.</summary>
/// <param name="Waiting">Not begun.</param>
/// <param name="Running">Under way.</param>
/// <param name="Succeeded">Done.</param>
/// <param name="Failed">Tried in vain.</param>
/// <param name="Cancelled">Given up, or passed over.</param>
public sealed record OperationCounts(int Waiting, int Running, int Succeeded, int Failed, int Cancelled)
{
    /// <summary>All items.</summary>
    public int Total => Waiting + Running + Succeeded + Failed + Cancelled;

    /// <summary>How many stand so.</summary>
    public int Of(OperationState state) => state switch
    {
        OperationState.Waiting => Waiting,
        OperationState.Running => Running,
        OperationState.Succeeded => Succeeded,
        OperationState.Failed => Failed,
        OperationState.Cancelled => Cancelled,
        _ => 0,
    };

    /// <summary>The counts of these items.</summary>
    public static OperationCounts Of(IEnumerable<OperationItem> items)
    {
        var counts = items.GroupBy(item => item.State).ToDictionary(group => group.Key, group => group.Count());
        return Of(counts);
    }

    /// <summary>The counts, by state.</summary>
    public static OperationCounts Of(IReadOnlyDictionary<OperationState, int> counts) => new(
        counts.GetValueOrDefault(OperationState.Waiting),
        counts.GetValueOrDefault(OperationState.Running),
        counts.GetValueOrDefault(OperationState.Succeeded),
        counts.GetValueOrDefault(OperationState.Failed),
        counts.GetValueOrDefault(OperationState.Cancelled));

    /// <summary>The counts after one item went from one state to another.</summary>
    public OperationCounts Moved(OperationState from, OperationState to)
    {
        return new(
            After(OperationState.Waiting),
            After(OperationState.Running),
            After(OperationState.Succeeded),
            After(OperationState.Failed),
            After(OperationState.Cancelled));

        int After(OperationState state) => Of(state) - (state == from ? 1 : 0) + (state == to ? 1 : 0);
    }
}

/// <summary>A long action with progress and a result for each item.</summary>
public sealed record OperationView
{
    /// <summary><c>op-</c> and eight characters.</summary>
    public required string Id { get; init; }

    /// <summary>What is done, for example <c>Restart 12 tasks of connection gz-prod</c>.</summary>
    public required string Title { get; init; }

    /// <summary>How it stands.</summary>
    public required OperationState State { get; init; }

    /// <summary>Who began it.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it stands as it stands, or null.</summary>
    public string? Text { get; init; }

    /// <summary>Its items, in order; empty in a list of operations, which has only the counts.</summary>
    public required IReadOnlyList<OperationItem> Items { get; init; }

    /// <summary>How many of its items stand how.</summary>
    public OperationCounts Counts
    {
        get => field ?? OperationCounts.Of(Items);
        init;
    }
}

/// <summary>Long actions. They survive the browser, and a restart of the server takes them up again.</summary>
public interface IOperationService
{
    /// <summary>A page of the list, newest first, without their items. Only page and size of the query mean something here, and there are no counts.</summary>
    Task<ListPage<OperationView>> ListAsync(ListQuery query, CancellationToken cancellationToken);

    /// <summary>One operation, or null.</summary>
    Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stops before the next item; those under way are finished. It can go on later.</summary>
    Task<CommandResult> PauseAsync(string id, CancellationToken cancellationToken);

    /// <summary>Goes on with the items that have not begun; those that failed are left as they are.</summary>
    Task<CommandResult> ContinueAsync(string id, CancellationToken cancellationToken);

    /// <summary>Runs the failed items again, and goes on with those that have not begun; what was cancelled stays so.</summary>
    Task<CommandResult> RetryAsync(string id, CancellationToken cancellationToken);

    /// <summary>Revives the cancelled items, and goes on with those that have not begun; what failed stays so.</summary>
    Task<CommandResult> RetryCancelledAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gives up the items that have not begun.</summary>
    Task<CommandResult> CancelAsync(string id, CancellationToken cancellationToken);
}
