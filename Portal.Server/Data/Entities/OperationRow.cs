using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>What an operation does with each of its items.</summary>
internal enum OperationKind
{
    /// <summary>Restarts connector tasks, one after the other.</summary>
    RestartTasks,

    /// <summary>Pauses connector tasks.</summary>
    PauseTasks,

    /// <summary>Resumes connector tasks.</summary>
    ResumeTasks,

    /// <summary>Deletes connector tasks and ends their sessions.</summary>
    DeleteTasks,

    /// <summary>Tests connections and stores the outcome.</summary>
    TestConnections,

    /// <summary>Deletes connections that no task uses.</summary>
    DeleteConnections,

    /// <summary>Sends dead letters of a task again.</summary>
    RetryDeadLetters,

    /// <summary>Disconnects clients of connector tasks.</summary>
    DisconnectClients,

    /// <summary>Disconnects clients of connector tasks and deletes their sessions at the broker.</summary>
    DeleteSessions,
}

/// <summary>A long action.</summary>
internal sealed class OperationRow
{
    public required string Id { get; init; }

    public OperationKind Kind { get; init; }

    public required string Title { get; init; }

    /// <summary>What else there is to know about what to do, as JSON; null for most kinds.</summary>
    public string? Arguments { get; init; }

    /// <summary>The id of what was changed so that it had to begin, for example of a connection; null where it stands for itself.</summary>
    public string? SubjectId { get; init; }

    public OperationState State { get; set; }

    public required string StartedBy { get; init; }

    /// <summary>The id of that person, in whose name each item is carried out; null when the server itself acts.</summary>
    public string? StartedById { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? Text { get; set; }

    public List<OperationItemRow> Items { get; init; } = [];
}

/// <summary>One item of it.</summary>
internal sealed class OperationItemRow
{
    public long Id { get; init; }

    public string OperationId { get; init; } = "";

    public required int Position { get; init; }

    public required string TargetId { get; init; }

    public required string TargetName { get; init; }

    public OperationState State { get; set; }

    public string? Text { get; set; }

    public TimeSpan? Took { get; set; }
}
