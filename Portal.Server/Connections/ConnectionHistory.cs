using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Connections;

/// <inheritdoc cref="IConnectionHistory"/>
internal sealed class ConnectionHistory(IDbContextFactory<PortalDb> databases) : IConnectionHistory
{
    private const int MostChecks = 100;
    private const int MostEvents = 1_000;

    // Of so many tests the newest that was let in is looked for; a cluster that refused them all has nothing of today to tell.
    private const int SignInDepth = 50;

    public async Task<IReadOnlyList<ConnectionCheck>?> ChecksAsync(string id, int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Connections.AnyAsync(row => row.Id == id, cancellationToken)
            ? await ChecksAsync(db, id, Math.Clamp(count, 1, MostChecks), cancellationToken)
            : null;
    }

    public async Task<IReadOnlyList<ConnectionEvent>?> EventsAsync(string id, int count, CancellationToken cancellationToken)
    {
        var most = Math.Clamp(count, 1, MostEvents);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await db.Connections.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (connection is null)
        {
            return null;
        }

        var cluster = connection.MqttClusterId;
        var audited = await db.AuditEntries.AsNoTracking()
            .Where(entry => entry.ObjectId == id
                || (entry.ObjectId == cluster && entry.Action == "change" && entry.Result == AuditTrail.Done && entry.At >= connection.CreatedAt))
            .OrderByDescending(entry => entry.Id).Take(most).ToListAsync(cancellationToken);
        var restarts = await db.Operations.AsNoTracking()
            .Where(row => row.SubjectId == id || (row.SubjectId == cluster && row.StartedAt >= connection.CreatedAt))
            .OrderByDescending(row => row.StartedAt).Take(most).ToListAsync(cancellationToken);
        var checks = await ChecksAsync(db, id, most, cancellationToken);

        // In this order at the same moment, read from below: it was tested, stored, and then carried to the tasks.
        return
        [
            .. restarts.Select(Of).Concat(audited.Select(entry => Of(entry, id))).Concat(checks.Select(Of))
                .OrderByDescending(one => one.At).Take(most),
        ];
    }

    public async Task<ClusterSignIn?> LastSignInAsync(string mqttClusterId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var newest = await db.ConnectionChecks.AsNoTracking()
            .Join(db.Connections.Where(row => row.MqttClusterId == mqttClusterId), row => row.ConnectionId, row => row.Id, (check, row) => new { check, row.Name })
            .OrderByDescending(one => one.check.Id).Take(SignInDepth).ToListAsync(cancellationToken);
        return newest.Find(one => one.check.Report.Broker is not null) is { } found
            ? new ClusterSignIn(found.check.ConnectionId, found.Name, ConnectionChecks.View(found.check))
            : null;
    }

    private static async Task<List<ConnectionCheck>> ChecksAsync(PortalDb db, string id, int count, CancellationToken cancellationToken)
    {
        var rows = await db.ConnectionChecks.AsNoTracking().Where(row => row.ConnectionId == id)
            .OrderByDescending(row => row.Id).Take(count).ToListAsync(cancellationToken);
        return rows.ConvertAll(ConnectionChecks.View);
    }

    private static ConnectionEvent Of(AuditEntry entry, string id)
    {
        if (entry.Result != AuditTrail.Done)
        {
            return new(entry.At, ConnectionEventKind.Refused, EventSeverity.Warning, entry.Actor, $"Wanted to {entry.Action} it and was refused.");
        }

        var kind = entry.ObjectId != id ? ConnectionEventKind.Cluster
            : entry.Action == "create" ? ConnectionEventKind.Created
            : ConnectionEventKind.Changed;
        return new(entry.At, kind, EventSeverity.Info, entry.Actor, entry.Change);
    }

    private static ConnectionEvent Of(OperationRow row) =>
        new(row.StartedAt, ConnectionEventKind.Restart, EventSeverity.Info, row.StartedBy, row.Title) { OperationId = row.Id };

    private static ConnectionEvent Of(ConnectionCheck check)
    {
        var remarks = check.Report.Steps.Count(step => step.State == ValidationState.Warning);
        var (severity, text) = (check.Cause, remarks) switch
        {
            ({ } cause, _) => (EventSeverity.Error, cause),
            (_, > 0) => (EventSeverity.Warning, string.Join('\n', check.Report.Steps.Where(step => step.State == ValidationState.Warning).Select(step => step.Result))),
            _ => (EventSeverity.Info, "It works: every step passed."),
        };
        return new(check.At, ConnectionEventKind.Tested, severity, check.Actor, text) { Check = check };
    }
}
