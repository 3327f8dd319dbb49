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

/// <summary>Registers, changes and removes Kafka instances.</summary>
internal sealed class KafkaInstanceCommands(
    IDbContextFactory<PortalDb> databases,
    ChangeGate gate,
    AuditTrail audit,
    SecretProtector secrets,
    IRollingRestart restart,
    IOptions<SandboxOptions> sandbox,
    TimeProvider time)
{
    public async Task<CommandResult> SaveAsync(
        string? id, long revision, KafkaInstanceDraft draft, bool restartTasks, CancellationToken cancellationToken)
    {
        var subject = AuditSubject.KafkaInstance(id, draft.Name);
        var (actor, refusal) = await gate.EnterAsync(id is null ? "register" : "change", subject, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = id is null ? null : await db.KafkaInstances.SingleOrDefaultAsync(instance => instance.Id == id, cancellationToken);
        if (id is not null && stored is null)
        {
            return CommandResult.Not(CommandOutcome.NotFound, "This Kafka instance has been removed.");
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
        var row = await db.KafkaInstances.SingleOrDefaultAsync(instance => instance.Id == id, cancellationToken);
        var subject = AuditSubject.KafkaInstance(id, row?.Name ?? "");
        var (actor, refusal) = await gate.EnterAsync("remove", subject, cancellationToken);
        if (refusal is not null || row is null)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "This Kafka instance has been removed already.");
        }

        if (row.IsEmbedded && sandbox.Value.Enabled)
        {
            return CommandResult.Not(
                CommandOutcome.Refused,
                $"{row.Name} runs inside this server. Set Sandbox:Enabled to false and start again, then it can be removed.");
        }

        var users = await db.ConnectorTasks
            .Where(task => task.KafkaInstanceId == id)
            .OrderBy(task => task.Name)
            .Select(task => task.Name)
            .ToListAsync(cancellationToken);
        if (users.Count > 0)
        {
            return CommandResult.Not(
                CommandOutcome.Refused,
                $"{row.Name} is used by {users.Count} task{(users.Count == 1 ? "" : "s")}: {Dependants.InWords(users)}. Delete them or point them at another instance first.");
        }

        db.Revise(row, revision);
        db.Remove(row);
        audit.Add(db, actor, "remove", subject);
        return await db.SaveOrExplainAsync(subject, cancellationToken) ?? CommandResult.Accepted(id);
    }

    /// <summary>The instance as it would be with this draft, for a test before saving. Not tracked and never saved.</summary>
    public KafkaInstance Imagine(KafkaInstance? stored, KafkaInstanceDraft draft)
    {
        var row = New(Actor.System, draft);
        (row.Password, row.ClientKey) = (stored?.Password, stored?.ClientKey);
        Apply(row, draft, isNew: true, out _);
        return row;
    }

    public static async Task<List<FieldError>> CheckAsync(
        PortalDb db, KafkaInstance? stored, KafkaInstanceDraft draft, bool bySandbox, CancellationToken cancellationToken)
    {
        var regions = await db.Regions.Select(region => region.Code).OrderBy(code => code).ToListAsync(cancellationToken);
        var errors = KafkaInstanceValidator.Check(stored, draft, regions, bySandbox);
        var id = stored?.Id;
        if (await db.KafkaInstances.AnyAsync(other => other.Name == draft.Name && other.Id != id, cancellationToken))
        {
            errors.Add(SaveOutcome.NameTaken(AuditSubject.KafkaInstance(id, draft.Name)));
        }

        return errors;
    }

    private KafkaInstance New(Actor actor, KafkaInstanceDraft draft) => new()
    {
        Id = Ids.New(Ids.KafkaInstance),
        Name = draft.Name,
        Region = draft.Region,
        IsEmbedded = actor.IsSystem,
        BootstrapServers = draft.BootstrapServers,
        CreatedAt = time.GetUtcNow(),
        CreatedBy = actor.Name,
        UpdatedAt = time.GetUtcNow(),
    };

    private ChangeText Apply(KafkaInstance row, KafkaInstanceDraft draft, bool isNew, out bool reachesEngine)
    {
        var (servers, userName) = (Servers(draft.BootstrapServers), NullIfEmpty(draft.UserName));
        var (ca, certificate) = (NullIfEmpty(draft.CaPem), NullIfEmpty(draft.ClientCertificatePem));
        var connection = new ChangeText()
            .Field("Bootstrap servers", isNew ? null : row.BootstrapServers, servers)
            .Field("Security", isNew ? null : row.Security, draft.Security)
            .Field("Mechanism", isNew ? null : row.Mechanism, draft.Mechanism)
            .Field("User name", isNew ? null : row.UserName, userName)
            .Secret("Password", draft.Password)
            .Field("CA", isNew ? null : row.CaPem, ca)
            .Field("Client certificate", isNew ? null : row.ClientCertificatePem, certificate)
            .Secret("Client key", draft.ClientKey);
        reachesEngine = !connection.IsEmpty;
        var change = new ChangeText()
            .Field("Name", isNew ? null : row.Name, draft.Name)
            .Field("Region", isNew ? null : row.Region, draft.Region)
            .Field("Description", isNew ? null : row.Description, draft.Description)
            .Also(connection);

        (row.Name, row.Region, row.Description) = (draft.Name, draft.Region, draft.Description);
        (row.BootstrapServers, row.Security, row.Mechanism, row.UserName) = (servers, draft.Security, draft.Mechanism, userName);
        (row.CaPem, row.ClientCertificatePem) = (ca, certificate);
        row.Password = secrets.Apply(SecretKind.KafkaPassword, row.Password, draft.Password);
        row.ClientKey = secrets.Apply(SecretKind.KafkaClientKey, row.ClientKey, draft.ClientKey);
        return change;
    }

    private static string Servers(string text) =>
        string.Join(',', text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
