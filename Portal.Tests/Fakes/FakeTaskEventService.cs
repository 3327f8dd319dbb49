using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>The events of <see cref="FakeConnectorTaskService"/>, filtered as the real service does.</summary>
internal sealed class FakeTaskEventService(FakeConnectorTaskService tasks) : ITaskEventService
{
    /// <summary>Each query, oldest first.</summary>
    public List<TaskEventQuery> Queries { get; } = [];

    /// <summary>While set, an answer waits for it, or fails with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<IReadOnlyList<TaskEvent>> FindAsync(string taskId, TaskEventQuery query, CancellationToken cancellationToken)
    {
        Queries.Add(query);
        await Gate.WaitAsync(cancellationToken);
        return
        [
            .. tasks.Events
                .Where(one => query.Kinds.Count == 0 || query.Kinds.Contains(one.Kind))
                .Where(one => one.Severity >= query.Least)
                .Where(one => query.Actor is null || one.Actor?.Contains(query.Actor, StringComparison.OrdinalIgnoreCase) == true)
                .Where(one => query.Text is null || one.Text.Contains(query.Text, StringComparison.OrdinalIgnoreCase))
                .Where(one => (query.From is null || one.At >= query.From) && (query.To is null || one.At < query.To))
                .Where(one => (query.Before is null || one.Id < query.Before) && (query.After is null || one.Id > query.After))
                .OrderByDescending(one => one.Id)
                .Take(query.Count),
        ];
    }
}
