using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.Connections.Probing;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Specs;

/// <summary>Reads the rows that a spec is compiled from, secrets included.</summary>
internal sealed class TaskSpecs(IDbContextFactory<PortalDb> databases, BrokerSpecs brokers)
{
    /// <summary>A task with its connection, cluster and instance, or null.</summary>
    public async Task<ConnectorTask?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ConnectorTasks.AsNoTracking()
            .Include(task => task.Connection.MqttCluster)
            .Include(task => task.KafkaInstance)
            .FirstOrDefaultAsync(task => task.Id == id, cancellationToken);
    }

    /// <summary>What the stored settings of now ask for.</summary>
    /// <exception cref="CryptographicException">A stored secret cannot be read any more.</exception>
    public InMotion Compile(ConnectorTask row) => Compile(row, row.Settings, row.Connection, row.KafkaInstance);

    /// <summary>The endpoints of the cluster that holds what a task was started with, where that was not written down; null when its connection is gone.</summary>
    public async Task<IReadOnlyList<ClusterEndpoint>?> EndpointsOfAsync(string connectionId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await ConnectionAsync(db, connectionId, cancellationToken))?.MqttCluster.Endpoints;
    }

    /// <summary>What the settings asked for that the task's clients were last started with; null when their connection or instance is gone.</summary>
    /// <exception cref="CryptographicException">A stored secret cannot be read any more.</exception>
    public async Task<PipelineSpec?> CompileStartedAsync(
        ConnectorTask row, ConnectorTaskDraft started, IReadOnlyList<ClusterEndpoint>? endpoints, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await ConnectionAsync(db, started.ConnectionId, cancellationToken);
        var instance = await InstanceAsync(db, started.KafkaInstanceId, cancellationToken) ?? row.KafkaInstance;
        return connection is null
            ? null
            : PipelineSpecCompiler.Compile(row.Id, row.Revision, started, brokers.Mqtt(connection.MqttCluster, connection, endpoints), brokers.Kafka(instance));
    }

    /// <summary>
    /// What the settings ask for with which a task ran well, with its connections of now; null where none are stored, and when their connection or
    /// instance is gone.
    /// </summary>
    /// <exception cref="CryptographicException">A stored secret cannot be read any more.</exception>
    public async Task<InMotion?> CompileFormerAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        if (row.FormerSettings is not { } former)
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connection = await ConnectionAsync(db, former.ConnectionId, cancellationToken);
        var instance = await InstanceAsync(db, former.KafkaInstanceId, cancellationToken);
        return connection is null || instance is null ? null : Compile(row, former, connection, instance);
    }

    /// <summary>Stores the settings that a task goes back to; null when it needs none.</summary>
    public async Task StoreFormerAsync(string id, ConnectorTaskDraft? former, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ConnectorTasks.Where(task => task.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(task => task.FormerSettings, former), cancellationToken);
    }

    /// <summary>Stores what the clients are about to be started with; null when the broker holds nothing for them any more.</summary>
    public async Task StoreStartedAsync(
        string id, ConnectorTaskDraft? started, IReadOnlyList<ClusterEndpoint>? endpoints, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ConnectorTasks.Where(task => task.Id == id)
            .ExecuteUpdateAsync(
                set => set.SetProperty(task => task.StartedSettings, started).SetProperty(task => task.StartedEndpoints, endpoints), cancellationToken);
    }

    /// <summary>Stores until when the broker keeps the sessions of a task that rests.</summary>
    public async Task StoreKeptUntilAsync(string id, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ConnectorTasks.Where(task => task.Id == id && task.SessionsKeptUntil != until)
            .ExecuteUpdateAsync(set => set.SetProperty(task => task.SessionsKeptUntil, until), cancellationToken);
    }

    private static Task<Connection?> ConnectionAsync(PortalDb db, string id, CancellationToken cancellationToken) =>
        db.Connections.AsNoTracking().Include(one => one.MqttCluster).FirstOrDefaultAsync(one => one.Id == id, cancellationToken);

    private static Task<KafkaInstance?> InstanceAsync(PortalDb db, string id, CancellationToken cancellationToken) =>
        db.KafkaInstances.AsNoTracking().FirstOrDefaultAsync(one => one.Id == id, cancellationToken);

    private InMotion Compile(ConnectorTask row, ConnectorTaskDraft settings, Connection connection, KafkaInstance instance) => new(
        PipelineSpecCompiler.Compile(row.Id, row.Revision, settings, brokers.Mqtt(connection.MqttCluster, connection), brokers.Kafka(instance)),
        Stamp(connection, instance),
        settings,
        connection.MqttCluster.Endpoints);

    private static SettingsStamp Stamp(Connection connection, KafkaInstance instance) => new(
        connection.Id, connection.Revision, connection.MqttClusterId, connection.MqttCluster.Revision, instance.Id, instance.Revision);
}
