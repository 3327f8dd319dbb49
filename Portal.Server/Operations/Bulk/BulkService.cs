using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Connections;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live;
using Portal.Server.Security;

namespace Portal.Server.Operations.Bulk;

/// <summary>Finds what an action on many would touch, and orders it. Review and order ask the same question, so that they answer alike.</summary>
internal sealed class BulkService(IDbContextFactory<PortalDb> databases, TaskList tasks, ConnectionQueries connections, ClientList clients, OperationStart start, ChangeGate gate) : IBulkService
{
    private const int Named = 20;

    // What the three doors differ in: which actions there are, and who is meant.
    private sealed record Many(
        string Noun, Func<BulkAction, OperationKind?> Kind, Func<BulkAction, BulkSelection, CancellationToken, Task<IReadOnlyList<BulkTarget>>> FindAsync);

    private Many Tasks => new("task", KindOfTasks, TasksAsync);

    private Many Connections => new("connection", KindOfConnections, ConnectionsAsync);

    private Many Clients => new("client", KindOfClients, ClientsAsync);

    public Task<BulkReview> ReviewTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        ReviewAsync(Tasks, action, selection, cancellationToken);

    public Task<CommandResult> RunTasksAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        RunAsync(Tasks, action, selection, cancellationToken);

    public Task<BulkReview> ReviewConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        ReviewAsync(Connections, action, selection, cancellationToken);

    public Task<CommandResult> RunConnectionsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        RunAsync(Connections, action, selection, cancellationToken);

    public Task<BulkReview> ReviewClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        ReviewAsync(Clients, action, selection, cancellationToken);

    public Task<CommandResult> RunClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        RunAsync(Clients, action, selection, cancellationToken);

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

    private static OperationKind? KindOfClients(BulkAction action) => action switch
    {
        BulkAction.Disconnect => OperationKind.DisconnectClients,
        BulkAction.DeleteSession => OperationKind.DeleteSessions,
        _ => null,
    };

    private static List<FieldError> Check(Many many, BulkAction action, BulkSelection selection)
    {
        var errors = new List<FieldError>();
        if (many.Kind(action) is null)
        {
            var known = Enum.GetValues<BulkAction>().Where(one => many.Kind(one) is not null);
            errors.Add(new FieldError("action", $"There is no action {action} for {many.Noun}s; there is {string.Join(", ", known)}."));
        }

        if ((selection.Ids is null) == (selection.Query is null))
        {
            errors.Add(new FieldError("", "Say which: give either ids or a query."));
        }
        else if (selection.Ids is { Count: 0 })
        {
            errors.Add(new FieldError("ids", "Name at least one."));
        }
        else if (selection.Ids is { Count: > BulkSelection.MostIds })
        {
            errors.Add(new FieldError("ids", $"At most {BulkSelection.MostIds} can be named; use a query for more."));
        }

        return errors;
    }

    private static async Task<BulkReview> ReviewAsync(Many many, BulkAction action, BulkSelection selection, CancellationToken cancellationToken) =>
        Check(many, action, selection) is { Count: > 0 } errors
            ? new BulkReview([], [], []) { Refusal = CommandResult.Invalid(errors) }
            : Review(await many.FindAsync(action, selection, cancellationToken));

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

    private async Task<CommandResult> RunAsync(Many many, BulkAction action, BulkSelection selection, CancellationToken cancellationToken)
    {
        var (verb, noun) = (BulkWords.InSentence(action), many.Noun);
        var (actor, refusal) = await gate.EnterAsync(verb, new AuditSubject($"{noun}s", "", $"many {noun}s"), cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (Check(many, action, selection) is { Count: > 0 } errors)
        {
            return CommandResult.Invalid(errors);
        }

        var targets = (await many.FindAsync(action, selection, cancellationToken))
            .Where(target => target.Excluded is null)
            .Select(target => new OperationTarget(target.Id, target.Name))
            .ToList();
        // Without the token: somebody who hangs up now must not leave an operation that is stored and not begun.
        var operation = await start.RunAsync(
            many.Kind(action)!.Value, BulkWords.Order(action, targets.Count, noun), targets, actor, CancellationToken.None);
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
            _ => null,
        };
    }

    private async Task<IReadOnlyList<BulkTarget>> ClientsAsync(BulkAction action, BulkSelection selection, CancellationToken cancellationToken)
    {
        var found = await clients.SelectAsync(selection, cancellationToken);
        return ByName(found.Select(line => new BulkTarget(line.Client.ClientId, line.Client.ClientId, Excluded(line.Client), Loses(line.Client))));

        string? Excluded(TaskClientLive client) => (action, client) switch
        {
            (_, { Status: not LiveClientStatus.Online }) => "not connected now",
            (BulkAction.DeleteSession, { CleanSession: true } or { SessionExpirySeconds: 0 }) => "with no session that the broker keeps; to disconnect them is enough",
            _ => null,
        };

        bool Loses(TaskClientLive client) =>
            action == BulkAction.DeleteSession || client.CleanSession || client.SessionExpirySeconds == 0 || client.Subscriptions.Any(one => one.GrantedQos == 0);
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
