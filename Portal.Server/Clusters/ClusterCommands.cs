using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Client.Contracts;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Connections.Probing;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;
using Portal.Server.Operations;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <summary>What commands on MQTT clusters and on Kafka instances share: everything but their fields.</summary>
internal sealed record ClusterCommandParts(
    IDbContextFactory<PortalDb> Databases,
    ChangeGate Gate,
    AuditTrail Audit,
    SecretProtector Secrets,
    IRollingRestart Restart,
    PassedTests Passed,
    BrokerSpecs Specs,
    IOptions<SandboxOptions> Sandbox,
    TaskRoster Roster,
    TimeProvider Time);

/// <summary>Registers, changes and removes clusters of one kind.</summary>
internal abstract class ClusterCommands<TRow, TDraft>(ClusterCommandParts parts)
    where TRow : class, ICluster
{
    /// <summary>What it is called in a sentence.</summary>
    protected abstract string Noun { get; }

    protected TimeProvider Time => parts.Time;

    protected SecretProtector Secrets => parts.Secrets;

    protected PassedTests Passed => parts.Passed;

    protected BrokerSpecs Specs => parts.Specs;

    protected TaskRoster Roster => parts.Roster;

    public async Task<CommandResult> SaveAsync(string? id, long revision, TDraft draft, bool restartTasks, CancellationToken cancellationToken)
    {
        var subject = Subject(id, NameAndRegion(draft).Name);
        var (actor, refusal) = await parts.Gate.EnterAsync(id is null ? "register" : "change", subject, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var db = await parts.Databases.CreateDbContextAsync(cancellationToken);
        var stored = id is null ? null : await db.Set<TRow>().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (id is not null && stored is null)
        {
            return CommandResult.Not(CommandOutcome.NotFound, $"This {Noun} has been removed.");
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
            row.UpdatedAt = parts.Time.GetUtcNow();
            if (reachesEngine)
            {
                row.AddressChangedAt = row.UpdatedAt;
            }

            db.Revise(row, revision);
        }

        KeepRevision(db, row, actor);
        if (stored is null || reachesEngine)
        {
            KeepTest(db, row, actor);
        }

        subject = subject with { Id = row.Id };
        parts.Audit.Add(db, actor, id is null ? "register" : "change", subject, change);
        if (await db.SaveOrExplainAsync(subject, cancellationToken) is { } trouble)
        {
            return trouble;
        }

        // From here on without the token: the settings are saved, and somebody who hangs up now must not leave the tasks with the old ones.
        var running = stored is not null && reachesEngine && restartTasks
            ? await Dependants.RunningAsync(db.TasksOfCluster(row.Id), CancellationToken.None)
            : [];
        var restart = await parts.Restart.StartAsync(RestartTitle.Of(running.Count, subject), running, actor.Name, CancellationToken.None, row.Id);
        return CommandResult.Accepted(row.Id, restart) with
        {
            OutdatedConnections = stored is not null && reachesEngine ? await OutdatedAsync(db, row, CancellationToken.None) : [],
        };
    }

    public async Task<CommandResult> RemoveAsync(string id, long revision, CancellationToken cancellationToken)
    {
        await using var db = await parts.Databases.CreateDbContextAsync(cancellationToken);
        var row = await db.Set<TRow>().SingleOrDefaultAsync(found => found.Id == id, cancellationToken);
        var subject = Subject(id, row?.Name ?? "");
        var (actor, refusal) = await parts.Gate.EnterAsync("remove", subject, cancellationToken);
        if (refusal is not null || row is null)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, $"This {Noun} has been removed already.");
        }

        if (row.IsEmbedded && parts.Sandbox.Value.Enabled)
        {
            return CommandResult.Not(
                CommandOutcome.Refused,
                $"{row.Name} runs inside this server. Set Sandbox:Enabled to false and start again, then it can be removed.");
        }

        if (await RefuseRemovalAsync(db, row, cancellationToken) is { } used)
        {
            return used;
        }

        db.Revise(row, revision);
        db.Remove(row);
        parts.Audit.Add(db, actor, "remove", subject);
        return await db.SaveOrExplainAsync(subject, cancellationToken) ?? CommandResult.Accepted(id);
    }

    /// <summary>Everything that is wrong with a draft; empty when it may be saved.</summary>
    public async Task<List<FieldError>> CheckAsync(PortalDb db, TRow? stored, TDraft draft, bool bySandbox, CancellationToken cancellationToken)
    {
        var regions = await db.Regions.Select(region => region.Code).OrderBy(code => code).ToListAsync(cancellationToken);
        var errors = Check(stored, draft, regions, bySandbox);
        var id = stored?.Id;
        var (name, region) = NameAndRegion(draft);
        if (await db.Set<TRow>().AnyAsync(other => other.Name == name && other.Id != id, cancellationToken))
        {
            errors.Add(SaveOutcome.NameTaken(Subject(id, name)));
        }

        if (stored is not null && stored.Region != region && await db.RegionErrorAsync(stored.Id, region, cancellationToken) is { } apart)
        {
            errors.Add(apart);
        }

        return errors;
    }

    /// <summary>
    /// The row as it would be with this draft, for a test before saving, and whether that is what is stored already. Never saved:
    /// <paramref name="stored"/> must not be tracked, it is written into.
    /// </summary>
    public (TRow Row, bool IsStored) Imagine(TRow? stored, TDraft draft)
    {
        var row = stored ?? New(Actor.System, draft);
        Apply(row, draft, isNew: stored is null, out var reachesEngine);
        return (row, stored is not null && !reachesEngine);
    }

    protected abstract AuditSubject Subject(string? id, string name);

    protected abstract (string Name, string Region) NameAndRegion(TDraft draft);

    protected abstract List<FieldError> Check(TRow? stored, TDraft draft, IReadOnlyList<string> regions, bool bySandbox);

    /// <summary>Why it must stay: what uses it, by name; null when nothing does.</summary>
    protected abstract Task<CommandResult?> RefuseRemovalAsync(PortalDb db, TRow row, CancellationToken cancellationToken);

    protected abstract TRow New(Actor actor, TDraft draft);

    /// <summary>Writes a draft into a row and tells what that changes.</summary>
    protected abstract ChangeText Apply(TRow row, TDraft draft, bool isNew, out bool reachesEngine);

    /// <summary>Writes down what this save leaves.</summary>
    protected abstract void KeepRevision(PortalDb db, TRow row, Actor actor);

    /// <summary>Writes down the test that what is saved has just passed, if there was one and tests of this are kept.</summary>
    protected virtual void KeepTest(PortalDb db, TRow row, Actor actor)
    {
    }

    /// <summary>The connections whose last check was of what it was before, by name.</summary>
    protected virtual Task<IReadOnlyList<string>> OutdatedAsync(PortalDb db, TRow row, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    protected static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
