using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Data.Entities;

namespace Portal.Server.ConnectorTasks.Events;

/// <summary>The kinds of lines in a task's log, and how facts of the engine become such lines.</summary>
internal static class TaskEvents
{
    public const string Command = "Command";
    public const string Config = "Config";
    public const string Notice = "Notice";

    public static TaskEventRow ByPerson(string taskId, string kind, string actor, DateTimeOffset at, string text) =>
        new() { TaskId = taskId, At = at, Kind = kind, Actor = actor, Text = text };

    public static TaskEventRow ByItself(string taskId, DateTimeOffset at, EventSeverity severity, string text) =>
        new() { TaskId = taskId, At = at, Kind = Notice, Severity = severity, Text = text };

    public static TaskEventRow OfCrash(string taskId, DateTimeOffset at, DateTimeOffset stored) => new()
    {
        TaskId = taskId,
        At = at,
        Kind = nameof(PipelineFactKind.RunEnded),
        Severity = EventSeverity.Warning,
        Text = $"The server ended without stopping this run. Its books are those stored at {stored:yyyy-MM-dd HH:mm:ss} UTC; what came after is not counted. What was not acknowledged the broker sends again to a kept session.",
    };

    /// <summary>One line for each fact, but one for all that say the same of the same task: a storm of lost sessions is one storm.</summary>
    public static IReadOnlyList<TaskEventRow> Of(IEnumerable<PipelineFact> facts) =>
    [
        .. facts
            .GroupBy(fact => (fact.PipelineId, fact.Kind, fact.Severity, fact.Text))
            .Select(same => (Last: same.Last(), Count: same.Count()))
            .OrderBy(same => same.Last.At)
            .Select(same => new TaskEventRow
            {
                TaskId = same.Last.PipelineId,
                At = same.Last.At,
                Kind = same.Last.Kind.ToString(),
                Severity = same.Last.Severity switch
                {
                    FactSeverity.Error => EventSeverity.Error,
                    FactSeverity.Warning => EventSeverity.Warning,
                    _ => EventSeverity.Info,
                },
                Text = same.Count == 1 ? same.Last.Text : $"{same.Last.Text} ({same.Count} times)",
            }),
    ];
}
