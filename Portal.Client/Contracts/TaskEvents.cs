namespace Portal.Client.Contracts;

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

/// <summary>Which events of a task are asked for. Defaults ask for all.</summary>
public sealed record TaskEventQuery
{
    /// <summary>All kinds that events have, in the order of the filter.</summary>
    public static IReadOnlyList<string> AllKinds { get; } = ["Status", "Command", "Config", "RunEnded", "Session", "Failure", "Notice"];

    /// <summary>The kinds that change what a chart shows: starts, stops, edits and changes of the status.</summary>
    public static IReadOnlyList<string> Marks { get; } = ["Status", "Command", "Config", "RunEnded"];

    /// <summary>The kinds, as in <see cref="TaskEvent.Kind"/>; empty for all.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>At least so serious.</summary>
    public EventSeverity Least { get; init; }

    /// <summary>Who did it, in part; null for all, those that happened by themselves among them.</summary>
    public string? Actor { get; init; }

    /// <summary>Words that the text has, all of them, in any order; upper and lower case of a-z do not count.</summary>
    public string? Text { get; init; }

    /// <summary>At this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only older than the event of this id.</summary>
    public long? Before { get; init; }

    /// <summary>Only newer than the event of this id.</summary>
    public long? After { get; init; }

    /// <summary>At most so many, the newest, 1 to 1 000.</summary>
    public int Count { get; init; } = 50;
}

/// <summary>What happened to tasks. Open to everybody who is signed in.</summary>
public interface ITaskEventService
{
    /// <summary>The events of one task that a query asks for, newest first.</summary>
    Task<IReadOnlyList<TaskEvent>> FindAsync(string taskId, TaskEventQuery query, CancellationToken cancellationToken);
}
