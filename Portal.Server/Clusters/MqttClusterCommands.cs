using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Client.Contracts;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Clusters.Rules;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Operations;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <summary>Registers, changes and removes MQTT clusters.</summary>
internal sealed class MqttClusterCommands(
    IDbContextFactory<PortalDb> databases,
    ChangeGate gate,
    AuditTrail audit,
    SecretProtector secrets,
    IRollingRestart restart,
    IOptions<SandboxOptions> sandbox,
    TimeProvider time)
{
    public async Task<CommandResult> SaveAsync(
        string? id, long revision, MqttClusterDraft draft, bool restartTasks, CancellationToken cancellationToken)
    {
        var subject = AuditSubject.MqttCluster(id, draft.Name);
        var (actor, refusal) = await gate.EnterAsync(id is null ? "register" : "change", subject, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = id is null ? null : await db.MqttClusters.SingleOrDefaultAsync(cluster => cluster.Id == id, cancellationToken);
        if (id is not null && stored is null)
        {
            return CommandResult.Not(CommandOutcome.NotFound, "This MQTT cluster has been removed.");
        }

        var errors = await CheckAsync(db, stored, draft, bySandbox: actor.IsSystem, cancellationToken);
        if (errors.Count > 0)
        {
            return CommandResult.Invalid(errors);
        }

        var row = stored ?? New(actor, draft);
        var change = Apply(row, draft, isNew: stored is null, out var reachesEngine);
        if (stored is null)
        {
            db.Add(row);
        }
        else if (change.IsEmpty)
        {
            return CommandResult.Accepted(row.Id);
        }
        else
        {
            row.UpdatedAt = time.GetUtcNow();
            db.Revise(row, revision);
        }

        subject = subject with { Id = row.Id };
        audit.Add(db, actor, id is null ? "register" : "change", subject, change);
        if (await db.SaveOrExplainAsync(subject, cancellationToken) is { } trouble)
        {
            return trouble;
        }

        // From here on without the token: the settings are saved, and somebody who hangs up now must not leave the tasks with the old ones.
        var running = stored is not null && reachesEngine && restartTasks
            ? await Dependants.RunningAsync(db.TasksOfCluster(row.Id), CancellationToken.None)
            : [];
        return CommandResult.Accepted(
            row.Id, await restart.StartAsync(RestartTitle.Of(running.Count, subject), running, actor.Name, CancellationToken.None));
    }

    public async Task<CommandResult> RemoveAsync(string id, long revision, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.MqttClusters.SingleOrDefaultAsync(cluster => cluster.Id == id, cancellationToken);
        var subject = AuditSubject.MqttCluster(id, row?.Name ?? "");
        var (actor, refusal) = await gate.EnterAsync("remove", subject, cancellationToken);
        if (refusal is not null || row is null)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "This MQTT cluster has been removed already.");
        }

        if (row.Kind == MqttClusterKind.Embedded && sandbox.Value.Enabled)
        {
            return CommandResult.Not(
                CommandOutcome.Refused,
                $"{row.Name} runs inside this server. Set Sandbox:Enabled to false and start again, then it can be removed.");
        }

        var users = await db.Connections
            .Where(connection => connection.MqttClusterId == id)
            .OrderBy(connection => connection.Name)
            .Select(connection => connection.Name)
            .ToListAsync(cancellationToken);
        if (users.Count > 0)
        {
            return CommandResult.Not(
                CommandOutcome.Refused,
                $"{row.Name} is used by {users.Count} connection{(users.Count == 1 ? "" : "s")}: {Dependants.InWords(users)}. Delete them or bind them to another cluster first.");
        }

        db.Revise(row, revision);
        db.Remove(row);
        audit.Add(db, actor, "remove", subject);
        return await db.SaveOrExplainAsync(subject, cancellationToken) ?? CommandResult.Accepted(id);
    }

    /// <summary>The cluster as it would be with this draft, for a test before saving. Not tracked and never saved.</summary>
    public MqttCluster Imagine(MqttCluster? stored, MqttClusterDraft draft)
    {
        var row = New(Actor.System, draft);
        row.ClientKey = stored?.ClientKey;
        Apply(row, draft, isNew: true, out _);
        return row;
    }

    public static async Task<List<FieldError>> CheckAsync(
        PortalDb db, MqttCluster? stored, MqttClusterDraft draft, bool bySandbox, CancellationToken cancellationToken)
    {
        var regions = await db.Regions.Select(region => region.Code).OrderBy(code => code).ToListAsync(cancellationToken);
        var errors = MqttClusterValidator.Check(stored, draft, regions, bySandbox);
        var id = stored?.Id;
        if (await db.MqttClusters.AnyAsync(other => other.Name == draft.Name && other.Id != id, cancellationToken))
        {
            errors.Add(SaveOutcome.NameTaken(AuditSubject.MqttCluster(id, draft.Name)));
        }

        return errors;
    }

    private MqttCluster New(Actor actor, MqttClusterDraft draft) => new()
    {
        Id = Ids.New(Ids.MqttCluster),
        Name = draft.Name,
        Region = draft.Region,
        Endpoints = draft.Endpoints,
        CreatedAt = time.GetUtcNow(),
        CreatedBy = actor.Name,
        UpdatedAt = time.GetUtcNow(),
    };

    private ChangeText Apply(MqttCluster row, MqttClusterDraft draft, bool isNew, out bool reachesEngine)
    {
        var (ca, certificate, serverName) = (
            NullIfEmpty(draft.CaPem), NullIfEmpty(draft.ClientCertificatePem), NullIfEmpty(draft.ServerName));
        var connection = new ChangeText()
            .Field("Version", isNew ? null : row.Version, draft.Version)
            .Field("Endpoints", isNew ? null : row.Endpoints, draft.Endpoints)
            .Field("CA", isNew ? null : row.CaPem, ca)
            .Field("Client certificate", isNew ? null : row.ClientCertificatePem, certificate)
            .Field("Server name", isNew ? null : row.ServerName, serverName)
            .Field("Lowest TLS version", isNew ? null : row.MinimumTls, draft.MinimumTls)
            .Secret("Client key", draft.ClientKey);
        reachesEngine = !connection.IsEmpty;
        var change = new ChangeText()
            .Field("Name", isNew ? null : row.Name, draft.Name)
            .Field("Region", isNew ? null : row.Region, draft.Region)
            .Field("Kind", isNew ? null : row.Kind, draft.Kind)
            .Field("Description", isNew ? null : row.Description, draft.Description)
            .Also(connection);

        (row.Name, row.Region, row.Kind, row.Description) = (draft.Name, draft.Region, draft.Kind, draft.Description);
        (row.Version, row.Endpoints, row.CaPem, row.ClientCertificatePem, row.ServerName, row.MinimumTls) = (
            draft.Version, draft.Endpoints, ca, certificate, serverName, draft.MinimumTls);
        row.ClientKey = secrets.Apply(SecretKind.MqttClientKey, row.ClientKey, draft.ClientKey);
        return change;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
