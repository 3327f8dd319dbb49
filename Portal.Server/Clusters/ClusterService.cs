using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Server.Audit;
using Portal.Server.Connections.Probing;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <inheritdoc cref="IClusterService"/>
internal sealed class ClusterService(
    IDbContextFactory<PortalDb> databases,
    MqttClusterCommands mqtt,
    KafkaInstanceCommands kafka,
    ChangeGate gate,
    BrokerSpecs specs,
    IEndpointProbe probe,
    ClusterHealths healths,
    PassedTests passed,
    TimeProvider time) : IClusterService
{
    private const int MostChecks = 100;

    public async Task<IReadOnlyList<Region>> RegionsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Regions.OrderBy(row => row.Code).Select(row => new Region(row.Code, row.Name)).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<MqttClusterView>> MqttClustersAsync(string? region, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.MqttClusters.AsNoTracking().Where(row => region == null || row.Region == region).OrderBy(row => row.Name)
            .Select(row => new { Row = row, Connections = db.Connections.Count(connection => connection.MqttClusterId == row.Id) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(found => ClusterViews.Of(found.Row, found.Connections))];
    }

    public async Task<IReadOnlyList<KafkaInstanceView>> KafkaInstancesAsync(string? region, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.KafkaInstances.AsNoTracking().Where(row => region == null || row.Region == region).OrderBy(row => row.Name)
            .Select(row => new { Row = row, Tasks = db.ConnectorTasks.Count(task => task.KafkaInstanceId == row.Id) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(found => ClusterViews.Of(found.Row, found.Tasks))];
    }

    public async Task<IReadOnlyList<ClusterHealth>> HealthAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await healths.ReadAsync(db, cancellationToken);
    }

    public Task<CommandResult> SaveMqttClusterAsync(
        string? id, long revision, MqttClusterDraft draft, bool restartTasks, CancellationToken cancellationToken) =>
        mqtt.SaveAsync(id, revision, draft, restartTasks, cancellationToken);

    public Task<CommandResult> SaveKafkaInstanceAsync(
        string? id, long revision, KafkaInstanceDraft draft, bool restartTasks, CancellationToken cancellationToken) =>
        kafka.SaveAsync(id, revision, draft, restartTasks, cancellationToken);

    public Task<CommandResult> RemoveMqttClusterAsync(string id, long revision, CancellationToken cancellationToken) =>
        mqtt.RemoveAsync(id, revision, cancellationToken);

    public Task<CommandResult> RemoveKafkaInstanceAsync(string id, long revision, CancellationToken cancellationToken) =>
        kafka.RemoveAsync(id, revision, cancellationToken);

    public async IAsyncEnumerable<ValidationReport> TestMqttClusterAsync(
        string? id, MqttClusterDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.MqttClusters.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        var errors = await mqtt.CheckAsync(db, stored, draft, bySandbox: false, cancellationToken);
        if (await EnterAsync(AuditSubject.MqttCluster(id, draft.Name), errors, cancellationToken) is (_, { } refused))
        {
            yield return refused;
            yield break;
        }

        var (broker, unreadable) = Compile(() => specs.Mqtt(mqtt.Imagine(stored, draft).Row, userName: null, password: null));
        var reports = broker is null
            ? ProbeReports.Just(unreadable!)
            : ProbeReports.Translate(probe.ProbeMqttAsync(broker, userFollows: true, cancellationToken));
        await foreach (var report in reports)
        {
            yield return report;
        }
    }

    public async IAsyncEnumerable<ValidationReport> TestKafkaInstanceAsync(
        string? id, KafkaInstanceDraft draft, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.KafkaInstances.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        var errors = await kafka.CheckAsync(db, stored, draft, bySandbox: false, cancellationToken);
        var (actor, refused) = await EnterAsync(AuditSubject.KafkaInstance(id, draft.Name), errors, cancellationToken);
        if (refused is not null)
        {
            yield return refused;
            yield break;
        }

        var asked = time.GetUtcNow();
        var (imagined, isStored) = kafka.Imagine(stored, draft);
        var (instance, unreadable) = Compile(() => specs.Kafka(imagined));
        var reports = instance is null
            ? ProbeReports.Just(unreadable!)
            : ProbeReports.Translate(probe.ProbeKafkaAsync(instance, new KafkaProbeTarget(), cancellationToken));
        await foreach (var report in reports)
        {
            if (report.Finished && isStored)
            {
                await StoreCheckAsync(imagined.Id, asked, report, actor, cancellationToken);
            }
            else if (instance is not null)
            {
                passed.Keep(actor, instance, asked, report);
            }

            yield return report;
        }
    }

    public async Task<IReadOnlyList<KafkaCheck>?> KafkaChecksAsync(string id, int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.KafkaInstances.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } instance)
        {
            return null;
        }

        var rows = await db.KafkaChecks.AsNoTracking().Where(row => row.KafkaInstanceId == id)
            .OrderByDescending(row => row.Id).Take(Math.Clamp(count, 1, MostChecks)).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new KafkaCheck(row.Id, row.At, row.Actor, row.Report) { IsOutdated = row.At < instance.AddressChangedAt });
    }

    public async Task<(IReadOnlyList<KafkaTopicView> Topics, string? Cause)> TopicsAsync(
        string kafkaInstanceId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var stored = await db.KafkaInstances.AsNoTracking().SingleOrDefaultAsync(row => row.Id == kafkaInstanceId, cancellationToken);
        if (stored is null)
        {
            return ([], "This Kafka instance has been removed.");
        }

        var (instance, unreadable) = Compile(() => specs.Kafka(stored));
        if (instance is null)
        {
            return ([], unreadable!.Steps[0].Result);
        }

        var (found, cause) = await KafkaTopicList.ReadAsync(instance, cancellationToken);
        return ([.. found.Select(topic => new KafkaTopicView(topic.Name, topic.Partitions, topic.Replicas))], cause);
    }

    public async Task<IReadOnlyList<DependentTask>> DependentTasksAsync(string clusterOrInstanceId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Dependants.ListAsync(db.TasksOfCluster(clusterOrInstanceId), cancellationToken);
    }

    // A test makes the server open connections to any address: only those may order it who could store that address too.
    private async Task<(Actor Actor, ValidationReport? Refused)> EnterAsync(AuditSubject subject, List<FieldError> errors, CancellationToken cancellationToken)
    {
        var (actor, refusal) = await gate.EnterAsync("test", subject, cancellationToken);
        refusal ??= errors.Count > 0 ? CommandResult.Invalid(errors) : null;
        return (actor, refusal is null ? null : ProbeReports.Refused(refusal));
    }

    // Only while the settings are still those that were tested: somebody may have saved others in the meantime, or removed the instance.
    private async Task StoreCheckAsync(string id, DateTimeOffset asked, ValidationReport report, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.KafkaInstances.AnyAsync(row => row.Id == id && (row.AddressChangedAt == null || row.AddressChangedAt <= asked), cancellationToken))
        {
            db.Add(new KafkaCheckRow { KafkaInstanceId = id, At = time.GetUtcNow(), Actor = actor.Name, Report = report });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private static (T? Spec, ValidationReport? Unreadable) Compile<T>(Func<T> compile)
        where T : class
    {
        try
        {
            return (compile(), null);
        }
        catch (CryptographicException)
        {
            return (null, ProbeReports.SecretUnreadable);
        }
    }
}
