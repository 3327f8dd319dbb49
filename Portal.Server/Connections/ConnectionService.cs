using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Clusters;
using Portal.Server.Connections.Probing;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;
using Portal.Server.Operations;
using Portal.Server.Revisions;
using Portal.Server.Security;

namespace Portal.Server.Connections;

/// <inheritdoc cref="IConnectionService"/>
internal sealed partial class ConnectionService(
    IDbContextFactory<PortalDb> databases,
    ConnectionQueries queries,
    ConnectionProbe probe,
    ChangeGate gate,
    AuditTrail audit,
    SecretProtector secrets,
    IRollingRestart restart,
    TaskRoster roster,
    TimeProvider time,
    ILogger<ConnectionService> logger) : IConnectionService
{
    public async Task<ListPage<ConnectionView>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await queries.ListAsync(db, query, cancellationToken);
    }

    public async Task<ConnectionView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await queries.ViewsAsync(db, db.Connections.Where(row => row.Id == id), cancellationToken)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<ConnectionView>> OfClusterAsync(string mqttClusterId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var views = await queries.ViewsAsync(db, db.Connections.Where(row => row.MqttClusterId == mqttClusterId), cancellationToken);
        return [.. views.OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public async Task<IReadOnlyList<FieldError>> CheckAsync(string? id, ConnectionDraft draft, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await ConnectionValidator.CheckAsync(db, id, draft, cancellationToken);
    }

    public async IAsyncEnumerable<ValidationReport> ValidateAsync(
        string? id, ConnectionDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A test makes the server open connections and sign in: only those may order it who could store the draft too.
        var (actor, refusal) = await gate.EnterAsync("test", AuditSubject.Connection(id, draft.Name), cancellationToken);
        var errors = refusal is null ? await CheckAsync(id, draft, cancellationToken) : [];
        refusal ??= errors.Count > 0 ? CommandResult.Invalid(errors) : null;
        var reports = refusal is null ? probe.WatchAsync(actor, id, draft, cancellationToken) : ProbeReports.Just(ProbeReports.Refused(refusal));
        await foreach (var report in reports)
        {
            yield return report;
        }
    }

    public async Task<CommandResult> CreateAsync(ConnectionDraft draft, CancellationToken cancellationToken)
    {
        var subject = AuditSubject.Connection(null, draft.Name);
        var (actor, refusal) = await gate.EnterAsync("create", subject, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await ConnectionValidator.CheckAsync(db, null, draft, cancellationToken) is { Count: > 0 } errors)
        {
            return CommandResult.Invalid(errors);
        }

        var test = await probe.RunAsync(actor, null, draft, cancellationToken);
        if (!test.Report.Passed)
        {
            return CommandResult.Not(
                CommandOutcome.Refused, ProbeReports.Cause(test.Report) ?? "The test of the connection did not come to an end. Try again.");
        }

        var now = time.GetUtcNow();
        var row = new Connection
        {
            Id = Ids.New(Ids.Connection),
            Name = draft.Name,
            MqttClusterId = draft.MqttClusterId,
            CreatedAt = now,
            CreatedBy = actor.Name,
            UpdatedAt = now,
            CheckedAt = test.Asked,
            CheckLatency = ProbeReports.SignInTime(test.Report),
        };
        var change = Apply(row, draft, isNew: true, out _);
        subject = subject with { Id = row.Id };
        db.Add(row);
        db.Add(ConnectionChecks.Of(row.Id, test.At, actor, test.Report));
        db.KeepRevision(row, actor);
        audit.Add(db, actor, "create", subject, change);
        return await db.SaveOrExplainAsync(subject, cancellationToken) ?? CommandResult.Accepted(row.Id);
    }

    public async Task<CommandResult> UpdateAsync(
        string id, long revision, ConnectionDraft draft, bool restartTasks, bool skipValidation, CancellationToken cancellationToken)
    {
        var subject = AuditSubject.Connection(id, draft.Name);
        var (actor, refusal) = await gate.EnterAsync("change", subject, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Connections.SingleOrDefaultAsync(found => found.Id == id, cancellationToken);
        if (row is null)
        {
            return CommandResult.Not(CommandOutcome.NotFound, "This connection has been deleted.");
        }

        if (row.Revision != revision)
        {
            return await db.ConflictAsync(subject, cancellationToken);
        }

        if (await ConnectionValidator.CheckAsync(db, id, draft, cancellationToken) is { Count: > 0 } errors)
        {
            return CommandResult.Invalid(errors);
        }

        var change = Apply(row, draft, isNew: false, out var reachesEngine);
        if (change.IsEmpty)
        {
            return CommandResult.Accepted(id);
        }

        if (reachesEngine && await ProveAsync(db, row, draft, skipValidation, change, actor, cancellationToken) is { } unproven)
        {
            return unproven;
        }

        row.UpdatedAt = time.GetUtcNow();
        db.Revise(row, revision);
        db.KeepRevision(row, actor);
        audit.Add(db, actor, "change", subject, change);
        if (await db.SaveOrExplainAsync(subject, cancellationToken) is { } trouble)
        {
            return trouble;
        }

        var operation = reachesEngine && restartTasks ? await RestartTasksAsync(db, row, actor, subject) : null;
        return CommandResult.Accepted(id, operation);
    }

    public async IAsyncEnumerable<ValidationReport> TestAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var view = await FindAsync(id, cancellationToken);
        var (actor, refusal) = await gate.EnterAsync("test", AuditSubject.Connection(id, view?.Name ?? ""), cancellationToken);
        if (view is null || refusal is not null)
        {
            yield return ProbeReports.Refused(refusal ?? CommandResult.Not(CommandOutcome.NotFound, "This connection has been deleted."));
            yield break;
        }

        var stored = new ConnectionDraft { Name = view.Name, MqttClusterId = view.MqttClusterId, UserName = view.UserName };
        var asked = time.GetUtcNow();
        await foreach (var report in probe.WatchAsync(actor, id, stored, cancellationToken))
        {
            if (report.Finished)
            {
                await StoreCheckAsync(view, asked, report, actor, cancellationToken);
            }

            yield return report;
        }
    }

    public async Task<CommandResult> DeleteAsync(string id, long revision, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Connections.SingleOrDefaultAsync(found => found.Id == id, cancellationToken);
        var subject = AuditSubject.Connection(id, row?.Name ?? "");
        var (actor, refusal) = await gate.EnterAsync("delete", subject, cancellationToken);
        if (refusal is not null || row is null)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "This connection has been deleted already.");
        }

        var used = await Dependants.RefuseRemovalAsync(row.Name, db.TasksOfConnection(id), "give them another connection", cancellationToken)
            ?? await db.RefuseInMotionAsync(roster, row.Name, stamp => stamp.ConnectionId == id, former => former.ConnectionId == id, cancellationToken);
        if (used is not null)
        {
            return used;
        }

        db.Revise(row, revision);
        db.Remove(row);
        audit.Add(db, actor, "delete", subject);
        return await db.SaveOrExplainAsync(subject, cancellationToken) ?? CommandResult.Accepted(id);
    }

    public async Task<IReadOnlyList<DependentTask>> DependentTasksAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Dependants.ListAsync(db.TasksOfConnection(id), cancellationToken);
    }

    /// <summary>Tests what is about to be stored, or notes that nobody did.</summary>
    private async Task<CommandResult?> ProveAsync(
        PortalDb db, Connection row, ConnectionDraft draft, bool skipValidation, ChangeText change, Actor actor, CancellationToken cancellationToken)
    {
        if (skipValidation)
        {
            change.Note("Saved without a passing test");
            (row.CheckedAt, row.CheckCause, row.CheckLatency) = (null, ConnectionStatuses.Untested, null);
            return null;
        }

        var test = await probe.RunAsync(actor, row.Id, draft, cancellationToken);
        if (!test.Report.Passed)
        {
            return CommandResult.Not(
                CommandOutcome.Refused, ProbeReports.Cause(test.Report) ?? "The test of the connection did not come to an end. Try again.");
        }

        (row.CheckedAt, row.CheckCause, row.CheckLatency) = (test.Asked, null, ProbeReports.SignInTime(test.Report));
        db.Add(ConnectionChecks.Of(row.Id, test.At, actor, test.Report));
        return null;
    }

    // Takes no token: the settings are saved, and somebody who hangs up now must not leave the tasks with the old ones.
    private async Task<string?> RestartTasksAsync(PortalDb db, Connection row, Actor actor, AuditSubject subject)
    {
        var running = await Dependants.RunningAsync(db.TasksOfConnection(row.Id), CancellationToken.None);
        var operation = await restart.StartAsync(RestartTitle.Of(running.Count, subject), running, actor.Name, CancellationToken.None, row.Id);
        await db.Connections.Where(found => found.Id == row.Id).ExecuteUpdateAsync(
            set => set.SetProperty(found => found.OperationId, operation), CancellationToken.None);
        return operation;
    }

    // Only while the settings are still those that were tested: somebody may have saved others in the meantime.
    private async Task StoreCheckAsync(ConnectionView tested, DateTimeOffset asked, ValidationReport report, Actor actor, CancellationToken cancellationToken)
    {
        var (cause, latency) = (report.Passed ? null : ProbeReports.Cause(report), ProbeReports.SignInTime(report));
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.Connections.Where(row => row.Id == tested.Id && row.Revision == tested.Revision).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.CheckedAt, asked)
                .SetProperty(row => row.CheckCause, cause)
                .SetProperty(row => row.CheckLatency, latency),
            cancellationToken);
        if (stored > 0)
        {
            db.Add(ConnectionChecks.Of(tested.Id, time.GetUtcNow(), actor, report));
            await db.SaveChangesAsync(cancellationToken);
        }

        Log.ConnectionChecked(logger, tested.Name, cause ?? "it works");
    }

    private ChangeText Apply(Connection row, ConnectionDraft draft, bool isNew, out bool reachesEngine)
    {
        var connection = new ChangeText()
            .Field("MQTT cluster", isNew ? null : row.MqttClusterId, draft.MqttClusterId)
            .Field("User name", isNew ? null : row.UserName, draft.UserName)
            .Secret("Password", draft.Password);
        reachesEngine = !connection.IsEmpty;
        var change = new ChangeText()
            .Field("Name", isNew ? null : row.Name, draft.Name)
            .Field("Description", isNew ? null : row.Description, draft.Description)
            .Also(connection);

        (row.Name, row.Description, row.MqttClusterId, row.UserName) = (draft.Name, draft.Description, draft.MqttClusterId, draft.UserName);
        row.Password = secrets.Apply(SecretKind.ConnectionPassword, row.Password, draft.Password);
        return change;
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.ConnectionChecked, LogLevel.Information, "Connection {Name} was tested: {Outcome}")]
        public static partial void ConnectionChecked(ILogger logger, string name, string outcome);
    }
}
