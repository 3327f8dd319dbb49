namespace Portal.Server.Data.Entities;

/// <summary>How a run of a task ended.</summary>
internal enum RunEnd
{
    /// <summary>It still runs.</summary>
    Running,

    /// <summary>It was stopped, and its books are final.</summary>
    Stop,

    /// <summary>The server ended without stopping it; its books are those last stored.</summary>
    Crash,

    /// <summary>Several that ended long ago, added up.</summary>
    Folded,
}

/// <summary>One run of a task with its books; the books of a task are the sum over its runs.</summary>
internal sealed class TaskRun
{
    public long Id { get; init; }

    public required string TaskId { get; init; }

    public required Guid RunId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    public RunEnd End { get; set; }

    /// <summary>When the figures below were stored.</summary>
    public DateTimeOffset StoredAt { get; set; }

    public long Received { get; set; }

    public long Delivered { get; set; }

    public long DeadLettered { get; set; }

    public long Filtered { get; set; }

    public long Expired { get; set; }

    public long Discarded { get; set; }

    public long Abandoned { get; set; }

    public long Open { get; set; }

    public long Twins { get; set; }

    /// <summary>Adds the figures of another run to this one.</summary>
    public void Add(TaskRun other)
    {
        Received += other.Received;
        Delivered += other.Delivered;
        DeadLettered += other.DeadLettered;
        Filtered += other.Filtered;
        Expired += other.Expired;
        Discarded += other.Discarded;
        Abandoned += other.Abandoned;
        Open += other.Open;
        Twins += other.Twins;
    }
}
