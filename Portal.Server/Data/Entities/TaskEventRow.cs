using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>One line of what happened to a task.</summary>
internal sealed class TaskEventRow
{
    public long Id { get; init; }

    public required string TaskId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Kind { get; init; }

    public EventSeverity Severity { get; init; }

    public string? Actor { get; init; }

    public required string Text { get; init; }

    public TaskEvent ToEvent() => new(Id, At, Kind, Severity, Actor, Text);
}
