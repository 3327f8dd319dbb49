using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Audit;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;
using Portal.Server.Operations;
using Portal.Server.Security;

namespace Portal.Server.ConnectorTasks.Commands;

/// <summary>
/// Pauses, resumes and restarts a task: stored and audited in one save, then left to the reconciler. Several become an operation, which
/// brings up only a few at once and tells how each ended.
/// </summary>
internal sealed class TaskStateCommands(
    IDbContextFactory<PortalDb> databases,
    ChangeGate gate,
    AuditTrail audit,
    TaskRoster roster,
    TaskReconciler reconciler,
    IRollingRestart rolling,
    IBulkService bulk,
    IPipelineSupervisor supervisor,
    TimeProvider time)
{
    public Task<CommandResult> PauseAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ids.Count > 1
            ? bulk.RunTasksAsync(BulkAction.Pause, BulkSelection.Of(ids), cancellationToken)
            : AskAsync(ids, AskedState.Paused, "pause", "Paused", cancellationToken);

    public Task<CommandResult> ResumeAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ids.Count > 1
            ? bulk.RunTasksAsync(BulkAction.Resume, BulkSelection.Of(ids), cancellationToken)
            : AskAsync(ids, AskedState.Running, "resume", "Resumed", cancellationToken);

    public async Task<CommandResult> RestartAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(db, ids, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("restart", Subject(rows, ids), cancellationToken);
        if ((refusal ?? Missing(rows, ids)) is { } no)
        {
            return no;
        }

        if (rows.Find(row => row.Asked == AskedState.Paused) is { } paused)
        {
            return CommandResult.Not(CommandOutcome.Refused, $"Task {paused.Name} is paused. Resume it instead: it starts with the settings of now.");
        }

        Record(db, actor, rows, "restart", "Restarted");
        if (await db.SaveOrExplainAsync(Subject(rows, ids), cancellationToken) is { } unsaved)
        {
            return unsaved;
        }

        if (rows.Count > 1)
        {
            // Without the token: the restart stands in the audit, and somebody who hangs up now must not undo it.
            var operation = await rolling.StartAsync(
                $"Restart {rows.Count} tasks", [.. rows.Select(row => row.Id)], actor.Name, CancellationToken.None);
            return CommandResult.Accepted(operationId: operation);
        }

        _ = reconciler.RestartAsync(rows[0].Id);
        return CommandResult.Accepted(rows[0].Id);
    }

    public async Task<CommandResult> DisconnectClientAsync(string id, string clientId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(db, [id], cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("disconnect a client of", Subject(rows, [id]), cancellationToken);
        if ((refusal ?? Missing(rows, [id])) is { } no)
        {
            return no;
        }

        if (!supervisor.Disconnect(id, clientId))
        {
            return CommandResult.Not(CommandOutcome.Refused, $"Client {clientId} is not connected now; there is nothing to disconnect.");
        }

        Record(db, actor, rows, "disconnect a client of", $"Client {clientId} disconnected", clientId);
        await db.SaveChangesAsync(cancellationToken);
        return CommandResult.Accepted(id);
    }

    public async Task<CommandResult> DeleteSessionAsync(string id, string clientId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(db, [id], cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("delete the session of a client of", Subject(rows, [id]), cancellationToken);
        if ((refusal ?? Missing(rows, [id])) is { } no)
        {
            return no;
        }

        var client = supervisor.Find(id)?.Clients.FirstOrDefault(one => one.ClientId == clientId);
        if (client is not { Status: TaskClientStatus.Online })
        {
            return CommandResult.Not(CommandOutcome.Refused, $"Client {clientId} is not connected now; its session can only be deleted through its own connection.");
        }

        if (client.CleanSession || client.SessionExpiry == TimeSpan.Zero)
        {
            return CommandResult.Not(CommandOutcome.Refused, $"The broker keeps no session of client {clientId}: there is nothing to delete. Disconnect it instead.");
        }

        // Without the caller's token: half of it, disconnected and not deleted, is what nobody asked for.
        var why = await supervisor.EndSessionAsync(id, clientId, CancellationToken.None);
        if (why is null)
        {
            db.Add(TaskEvents.ByPerson(id, TaskEvents.Command, actor.Name, time.GetUtcNow(), $"Session of client {clientId} deleted"));
        }

        audit.Add(
            db,
            actor,
            "delete the session of a client of",
            AuditSubject.ConnectorTask(id, rows[0].Name),
            new ChangeText().Note(why is null ? clientId : $"{clientId}: {why}"),
            why is null ? AuditTrail.Done : AuditTrail.Failed);
        await db.SaveChangesAsync(CancellationToken.None);
        return why is null ? CommandResult.Accepted(id) : CommandResult.Not(CommandOutcome.Refused, $"The session of client {clientId} was not deleted. {why}");
    }

    private async Task<CommandResult> AskAsync(
        IReadOnlyList<string> ids, AskedState asked, string action, string done, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await RowsAsync(db, ids, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync(action, Subject(rows, ids), cancellationToken);
        if ((refusal ?? Missing(rows, ids)) is { } no)
        {
            return no;
        }

        var now = time.GetUtcNow();
        var changed = rows.FindAll(row => row.Asked != asked);
        foreach (var row in changed)
        {
            (row.Asked, row.UpdatedAt) = (asked, now);
        }

        Record(db, actor, changed, action, done);
        // The revision stays: what is asked is not part of the settings that somebody may be editing.
        if (await db.SaveOrExplainAsync(Subject(rows, ids), cancellationToken) is { } trouble)
        {
            return trouble;
        }

        // Read anew: of two commands that cross, the one that was saved last must be the one that is shown last.
        var stored = changed.ConvertAll(row => row.Id);
        var latest = await db.ConnectorTasks.AsNoTracking().Where(task => stored.Contains(task.Id) && task.DeletingSince == null && task.Asked == asked)
            .Select(task => task.Id).ToListAsync(CancellationToken.None);
        foreach (var row in changed.Where(row => latest.Contains(row.Id)))
        {
            roster.Change(row.Id, entry => entry with
            {
                Asked = asked,
                AskedAt = now,
                Command = asked == AskedState.Paused && supervisor.Find(row.Id) is not null ? new UnderWay(ConnectorTaskStatus.Pausing, now) : null,
                Trouble = null,
                GivenUp = null,
            });
        }

        // Also those that are asked for it already: resuming a failed task starts it anew.
        foreach (var row in rows)
        {
            reconciler.Request(row.Id);
        }

        return CommandResult.Accepted(rows.Count == 1 ? rows[0].Id : null);
    }

    private static Task<List<ConnectorTask>> RowsAsync(PortalDb db, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        db.ConnectorTasks.Where(task => ids.Contains(task.Id) && task.DeletingSince == null).OrderBy(task => task.Name).ToListAsync(cancellationToken);

    private static AuditSubject Subject(List<ConnectorTask> rows, IReadOnlyList<string> ids) => rows switch
    {
        [var one] => AuditSubject.ConnectorTask(one.Id, one.Name),
        [] => AuditSubject.ConnectorTask(ids.Count == 1 ? ids[0] : null, ""),
        _ => new AuditSubject("tasks", "", string.Join(", ", rows.Take(20).Select(row => row.Name))),
    };

    private static CommandResult? Missing(List<ConnectorTask> rows, IReadOnlyList<string> ids) => rows.Count == 0
        ? CommandResult.Not(CommandOutcome.NotFound, ids.Count == 1 ? "This task has been deleted." : "None of these tasks exists any more.")
        : null;

    private void Record(PortalDb db, Actor actor, List<ConnectorTask> rows, string action, string done, string? note = null)
    {
        foreach (var row in rows)
        {
            db.Add(TaskEvents.ByPerson(row.Id, TaskEvents.Command, actor.Name, time.GetUtcNow(), done));
            audit.Add(db, actor, action, AuditSubject.ConnectorTask(row.Id, row.Name), note is null ? null : new ChangeText().Note(note));
        }
    }
}
