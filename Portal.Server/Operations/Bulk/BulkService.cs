using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Connections;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Operations.Bulk;

/// <summary>Finds what an action on many would touch, and orders it. Review and order ask the same question, so that they answer alike.</summary>
internal sealed class BulkService(IDbContextFactory<PortalDb> databases, TaskList tasks, ConnectionQueries connections, OperationStart start, ChangeGate gate) : IBulkService
{
    private const int Named = 20;

    public async Task<BulkReview> ReviewTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Review(await TasksAsync(action, selection, cancellationToken));

    public async Task<CommandResult> RunTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken)
    {
        if (KindOfTasks(action) is not { } kind)
        {
            return Impossible(action, "tasks");
        }

        return await RunAsync(kind, action, "task", Check(selection), () => TasksAsync(action, selection, cancellationToken), cancellationToken);
    }

    public async Task<BulkReview> ReviewConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Review(await ConnectionsAsync(action, selection, cancellationToken));

    public async Task<CommandResult> RunConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken)
    {
        if (KindOfConnections(action) is not { } kind)
        {
            return Impossible(action, "connections");
        }

        return await RunAsync(kind, action, "connection", Check(selection), () => ConnectionsAsync(action, selection, cancellationToken), cancellationToken);
    }

    private static OperationKind? KindOfTasks(BulkAction action) => action switch
    {
        BulkAction.Pause => OperationKind.PauseTasks,
        BulkAction.Resume => OperationKind.ResumeTasks,
        BulkAction.Restart => OperationKind.RestartTasks,
        BulkAction.Delete => OperationKind.DeleteTasks,
        _ => null,
    };

    private static OperationKind? KindOfConnections(BulkAction action) => action switch
    {
        BulkAction.Test => OperationKind.TestConnections,
        BulkAction.Delete => OperationKind.DeleteConnections,
        _ => null,
    };

    private static CommandResult Impossible(BulkAction action, string what) =>
        CommandResult.Invalid([new FieldError("action", $"There is no action {action} for {what}.")]);

    private static FieldError? Check(BulkSelection selection) => selection switch
    {
        { Ids: null, Query: null } or { Ids: not null, Query: not null } => new FieldError("", "Say which: give either ids or a query."),
        { Ids.Count: 0 } => new FieldError("ids", "Name at least one."),
        { Ids.Count: > BulkSelection.MostIds } => new FieldError("ids", $"At most {BulkSelection.MostIds} can be named; use a query for more."),
        _ => null,
    };

    private static BulkReview Review(IReadOnlyList<BulkTarget> targets)
    {
        var included = targets.Where(target => target.Excluded is null).ToList();
        var excluded = targets.Where(target => target.Excluded is not null)
            .GroupBy(target => target.Excluded!)
            .Select(group => new BulkExclusion(group.Key, group.Count(), [.. group.Take(Named).Select(target => target.Name)]));
        return new BulkReview(
            [.. included.Select(target => target.Id)],
            [.. included.Take(Named).Select(target => target.Name)],
            [.. excluded],
            included.Count(target => target.Loses));
    }

    private static IReadOnlyList<BulkTarget> ByName(IEnumerable<BulkTarget> targets) =>
        [.. targets.OrderBy(target => target.Name, StringComparer.OrdinalIgnoreCase)];

    private async Task<CommandResult> RunAsync(
        OperationKind kind,
        BulkAction action,
        string noun,
        FieldError? wrong,
        Func<Task<IReadOnlyList<BulkTarget>>> find,
        CancellationToken cancellationToken)
    {
        var verb = action.ToString().ToLowerInvariant();
        var (actor, refusal) = await gate.EnterAsync(verb, new AuditSubject($"{noun}s", "", $"many {noun}s"), cancellationToken);
        if (refusal is not null || wrong is not null)
        {
            return refusal ?? CommandResult.Invalid([wrong!]);
        }

        var targets = (await find()).Where(target => target.Excluded is null).Select(target => new OperationTarget(target.Id, target.Name)).ToList();
        // Without the token: somebody who hangs up now must not leave an operation that is stored and not begun.
        var operation = await start.RunAsync(
            kind, $"{action} {targets.Count} {noun}{(targets.Count == 1 ? "" : "s")}", targets, actor, CancellationToken.None);
        return operation is null
            ? CommandResult.Not(CommandOutcome.Refused, $"No {noun} is left to {verb}: they are so already, or gone.")
            : CommandResult.Accepted(operationId: operation);
    }

    private async Task<IReadOnlyList<BulkTarget>> TasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken)
    {
        var found = await tasks.SelectAsync(selection, cancellationToken);
        return ByName(found.Select(task => new BulkTarget(task.Id, task.Name, Excluded(task), task.Settings.Qos == 0 || task.Settings.CleanSession)));

        string? Excluded(SelectedTask task) => (action, task) switch
        {
            (BulkAction.Delete, { IsDeleting: true }) => "being deleted already",
            (_, { IsDeleting: true }) => "being deleted",
            (BulkAction.Pause, { Asked: AskedState.Paused }) => "paused already",
            (BulkAction.Resume, { Asked: AskedState.Running, Status: not ConnectorTaskStatus.Failed }) => "asked to run already",
            (BulkAction.Restart, { Asked: AskedState.Paused }) => "paused; they take the stored settings when they are resumed",
            (BulkAction.Test, _) => "tasks cannot be tested",
            _ => null,
        };
    }

    private async Task<IReadOnlyList<BulkTarget>> ConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = selection.Query is { } query
            ? await connections.MatchingAsync(db, query, cancellationToken)
            : await connections.ViewsAsync(db, db.Connections.Where(row => selection.Ids!.Contains(row.Id)), cancellationToken);
        return ByName(found.Select(connection => new BulkTarget(
            connection.Id,
            connection.Name,
            action == BulkAction.Delete && connection.Tasks > 0 ? "used by tasks" : null)));
    }
}
