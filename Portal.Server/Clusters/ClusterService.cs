using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Server.Audit;
using Portal.Server.Connections;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Clusters;

/// <inheritdoc cref="IClusterService"/>
internal sealed class ClusterService(
    IDbContextFactory<PortalDb> databases,
    MqttClusterCommands mqtt,
    KafkaInstanceCommands kafka,
    ChangeGate gate,
    BrokerSpecs specs,
    IEndpointProbe probe) : IClusterService
{
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
        if (await RefuseAsync(AuditSubject.MqttCluster(id, draft.Name), errors, cancellationToken) is { } refused)
        {
            yield return refused;
            yield break;
        }

        var (broker, unreadable) = Compile(() => specs.Mqtt(mqtt.Imagine(stored, draft), userName: null, password: null));
        var reports = broker is null
            ? ProbeReports.Just(unreadable!)
            : ProbeReports.Translate(probe.ProbeMqttAsync(broker, cancellationToken));
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
        if (await RefuseAsync(AuditSubject.KafkaInstance(id, draft.Name), errors, cancellationToken) is { } refused)
        {
            yield return refused;
            yield break;
        }

        var (instance, unreadable) = Compile(() => specs.Kafka(kafka.Imagine(stored, draft)));
        var reports = instance is null
            ? ProbeReports.Just(unreadable!)
            : ProbeReports.Translate(probe.ProbeKafkaAsync(instance, new KafkaProbeTarget(), cancellationToken));
        await foreach (var report in reports)
        {
            yield return report;
        }
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
    private async Task<ValidationReport?> RefuseAsync(AuditSubject subject, List<FieldError> errors, CancellationToken cancellationToken)
    {
        var (_, refusal) = await gate.EnterAsync("test", subject, cancellationToken);
        return refusal is not null ? ProbeReports.Refused(refusal)
            : errors.Count > 0 ? ProbeReports.Refused(CommandResult.Invalid(errors))
            : null;
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
