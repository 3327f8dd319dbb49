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

    /// <summary>Its items, in order.</summary>
    public required IReadOnlyList<OperationItem> Items { get; init; }
}

/// <summary>Long actions. They survive the browser, and a restart of the server takes them up again.</summary>
public interface IOperationService
{
    /// <summary>The newest operations, newest first.</summary>
    Task<IReadOnlyList<OperationView>> ListAsync(int count, CancellationToken cancellationToken);

    /// <summary>One operation, or null.</summary>
    Task<OperationView?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Runs the failed and cancelled items again.</summary>
    Task<CommandResult> RetryAsync(string id, CancellationToken cancellationToken);

    /// <summary>Gives up the items that have not begun.</summary>
    Task<CommandResult> CancelAsync(string id, CancellationToken cancellationToken);
}
