using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data;
using Portal.Server.Live.Roster;
using Portal.Server.Security;

namespace Portal.Server.ConnectorTasks;

/// <summary>Lists what tasks owe to brokers, and lets a person hurry it or give it up.</summary>
internal sealed class OwedSessionService(
    IDbContextFactory<PortalDb> databases, ChangeGate gate, AuditTrail audit, TaskReconciler reconciler, TaskRoster roster, TimeProvider time) : IOwedSessions
{
    public async Task<IReadOnlyList<OwedSessionView>> ListAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.OwedSessions.AsNoTracking().Where(row => row.TaskId == taskId).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.Settings.ConnectionId).Distinct().ToList();
        var names = await db.Connections.Where(one => ids.Contains(one.Id)).ToDictionaryAsync(one => one.Id, one => one.Name, cancellationToken);
        return
        [
            .. rows.Select(row => new OwedSessionView(
                row.Id,
                row.Endpoints is [var first, ..] ? $"{first.Transport.ToString().ToLowerInvariant()}://{first.Host}:{first.Port}" : "",
                names.GetValueOrDefault(row.Settings.ConnectionId),
                [.. OwedSessions.Clients(row).Select(index => $"{taskId}-{index}")],
                row.Settings.Topics,
                row.Since,
                row.Cause,
                row.TriedAt,
                names.ContainsKey(row.Settings.ConnectionId) ? row.TriedAt + OwedDrains.RetryEvery : null)),
        ];
    }

    public async Task<CommandResult> RetryAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (subject, known) = await SubjectAsync(db, taskId, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("end the owed sessions of", subject, cancellationToken);
        if (refusal is not null || !known)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "This task has been deleted.");
        }

        if (!await db.OwedSessions.AnyAsync(row => row.TaskId == taskId, cancellationToken))
        {
            return CommandResult.Not(CommandOutcome.Refused, "The task owes nothing to a broker any more.");
        }

        audit.Add(db, actor, "end the owed sessions of", subject);
        await db.SaveChangesAsync(cancellationToken);
        _ = reconciler.DrainOwedAsync(taskId);
        return CommandResult.Accepted(taskId);
    }

    public async Task<CommandResult> ForgetAsync(string taskId, long id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (subject, _) = await SubjectAsync(db, taskId, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("forget owed sessions of", subject, cancellationToken);
        var rows = await db.OwedSessions.Where(row => row.TaskId == taskId).ToListAsync(cancellationToken);
        if (refusal is not null || rows.Find(row => row.Id == id) is not { } row)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "These sessions are no longer owed.");
        }

        var clients = string.Join(", ", OwedSessions.Clients(row).Select(index => $"{taskId}-{index}"));
        db.Remove(row);
        db.Add(TaskEvents.ByPerson(taskId, TaskEvents.Command, actor.Name, time.GetUtcNow(), $"Gave up the sessions of {clients} at the former broker"));
        audit.Add(db, actor, "forget owed sessions of", subject, new ChangeText().Note(clients));
        await db.SaveChangesAsync(cancellationToken);
        roster.Change(taskId, entry => entry with { OwedSessions = rows.Where(other => other.Id != id).Sum(OwedSessions.Count) });
        return CommandResult.Accepted(taskId);
    }

    private static async Task<(AuditSubject Subject, bool Known)> SubjectAsync(PortalDb db, string taskId, CancellationToken cancellationToken)
    {
        var name = await db.ConnectorTasks.Where(task => task.Id == taskId).Select(task => task.Name).FirstOrDefaultAsync(cancellationToken);
        return (AuditSubject.ConnectorTask(taskId, name ?? ""), name is not null);
    }
}
