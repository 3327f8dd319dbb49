using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Live;

namespace Portal.Server.Connections;

/// <summary>What the tasks tell of their connections: they are at the broker all the time, a test only now and then.</summary>
internal sealed class TaskReports(LiveFeed feed, TaskLines lines)
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    /// <summary>Of all connections at one look, so that a list and its counters say the same.</summary>
    /// <param name="Unreached">Those through which no running task gets to its broker, each with the cause in words.</param>
    /// <param name="MadeGood">Operations that failed for tasks which have the new settings by now, or are gone.</param>
    public sealed record Look(IReadOnlyDictionary<string, string> Unreached, IReadOnlySet<string> MadeGood)
    {
        /// <summary>
        /// What is seen of a connection; <paramref name="outdated"/> says that its last check is of what its cluster was before,
        /// <paramref name="change"/> how the operation of its last change stands.
        /// </summary>
        public (ConnectionStatus Status, string? Cause) At(string id, string? checkCause, bool outdated, string? operationId, OperationState? change) => ConnectionStatuses.Of(
            checkCause, outdated, Unreached.GetValueOrDefault(id), operationId is not null && MadeGood.Contains(operationId) ? null : change);
    }

    public async Task<Look> ReadAsync(PortalDb db, CancellationToken cancellationToken) =>
        new(await UnreachedAsync(cancellationToken), await MadeGoodAsync(db, cancellationToken));

    private async Task<IReadOnlyDictionary<string, string>> UnreachedAsync(CancellationToken cancellationToken)
    {
        // All is well nearly always, and this is asked for with every list and every look at a connection.
        if (feed.Tally.Count(ConnectorTaskStatus.Recovering) == 0)
        {
            return Nothing;
        }

        var live = feed.Tasks.All().ToDictionary(task => task.Id);
        return (await lines.AllAsync(cancellationToken))
            .Where(task => live.ContainsKey(task.Id))
            .GroupBy(task => task.ConnectionId, task => live[task.Id])
            .Where(tasks => tasks.Any(IsLost) && !tasks.Any(IsThere))
            .ToDictionary(tasks => tasks.Key, tasks => Words([.. tasks.Where(IsLost)]));
    }

    private async Task<HashSet<string>> MadeGoodAsync(PortalDb db, CancellationToken cancellationToken)
    {
        var failed = await db.OperationItems
            .Where(item => item.State == OperationState.Failed
                && db.Connections.Any(connection => connection.OperationId == item.OperationId)
                && db.Operations.Any(operation => operation.Id == item.OperationId && operation.State == OperationState.Failed))
            .Select(item => new { item.OperationId, item.TargetId })
            .ToListAsync(cancellationToken);
        return [.. failed.GroupBy(item => item.OperationId, item => item.TargetId).Where(targets => targets.All(HasTaken)).Select(targets => targets.Key)];
    }

    private bool HasTaken(string taskId) => feed.Tasks.Find(taskId) is null or { RestartToApply: false, Status: not ConnectorTaskStatus.Failed };

    private static bool IsLost(ConnectorTaskLive task) => task.Status == ConnectorTaskStatus.Recovering;

    private static bool IsThere(ConnectorTaskLive task) => task.Status is ConnectorTaskStatus.Running or ConnectorTaskStatus.Degraded or ConnectorTaskStatus.Blocked;

    private static string Words(IReadOnlyList<ConnectorTaskLive> lost) =>
        $"{(lost.Count == 1 ? "Its running task is not" : $"None of its {lost.Count} running tasks is")} connected; {(lost.Count == 1 ? "it goes" : "they go")} on trying. {lost[0].Cause}".TrimEnd();
}
