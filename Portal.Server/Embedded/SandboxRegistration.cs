using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Embedded;

/// <summary>
/// Registers the embedded brokers through the same services that a person's clicks call, as the server itself. On the first start there is
/// also a connection and a running task; they belong to the operator from then on and are never made again.
/// </summary>
/// <remarks>
/// At later starts the addresses alone are written, which differ when a port is left to the system. That is no edit: no revision of what people
/// set, and no reason to doubt the last checks, for it is the same broker behind another port.
/// </remarks>
internal sealed partial class SandboxRegistration(
    IServiceProvider services,
    IDbContextFactory<PortalDb> databases,
    EmbeddedSandbox sandbox,
    SandboxUserBook users,
    ILogger<SandboxRegistration> logger)
{
    private const string PreferredRegion = "local";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateSystemScope();
        var clusters = scope.ServiceProvider.GetRequiredService<IClusterService>();
        var regions = await clusters.RegionsAsync(cancellationToken);
        var region = regions.Any(known => known.Code == PreferredRegion) ? PreferredRegion : regions[0].Code;
        var broker = await KeepBrokerAsync(clusters, region, cancellationToken);
        var kafka = await KeepKafkaAsync(clusters, region, cancellationToken);
        // Whether the task was ever made, not whether the cluster is new: a first start that was cut short is finished by the next.
        if (await MadeAsync(AuditSubject.ConnectorTask(null, "").Kind, cancellationToken) is not null)
        {
            return;
        }

        var connections = scope.ServiceProvider.GetRequiredService<IConnectionService>();
        var connection = await MadeAsync(AuditSubject.Connection(null, "").Kind, cancellationToken);
        if (connection is null)
        {
            connection = await ConnectAsync(connections, broker, cancellationToken);
        }
        else if (await connections.FindAsync(connection, cancellationToken) is null)
        {
            // The operator has deleted it, and did not want the rest either.
            return;
        }

        await CreateTaskAsync(scope.ServiceProvider.GetRequiredService<IConnectorTaskService>(), connection, kafka, cancellationToken);
        Log.SandboxRegistered(logger);
    }

    // The audit is never changed, and written in the save of what it tells: it knows what was made even when that is deleted since.
    private async Task<string?> MadeAsync(string kind, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.AuditEntries
            .Where(entry => entry.Actor == Actor.System.Name && entry.Action == "create" && entry.ObjectKind == kind && entry.Result == AuditTrail.Done)
            .Select(entry => entry.ObjectId)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private async Task<string> KeepBrokerAsync(IClusterService clusters, string region, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClusterEndpoint> endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, sandbox.Host, sandbox.MqttPort)];
        var known = (await clusters.MqttClustersAsync(null, cancellationToken))
            .FirstOrDefault(cluster => cluster.Kind == MqttClusterKind.Embedded);
        if (known is null)
        {
            var draft = new MqttClusterDraft
            {
                Name = "Sandbox broker",
                Region = region,
                Kind = MqttClusterKind.Embedded,
                Endpoints = endpoints,
                Description = $"Inside this server. User {SandboxUserBook.Connector}, password: setting {SandboxUserBook.ConnectorPasswordSetting}",
            };
            return Accepted(await clusters.SaveMqttClusterAsync(null, 0, draft, restartTasks: false, cancellationToken));
        }

        await ForgetSessionsAsync(known, endpoints, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.MqttClusters.Where(row => row.Id == known.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Endpoints, endpoints), cancellationToken);
        return known.Id;
    }

    // The broker of the last start took its sessions along: what paused tasks were promised is void. Where nobody listens at its address any
    // more, what was written down as held there, or as owed to it, could never be ended; at the same address the new broker ends what it does not know.
    private async Task ForgetSessionsAsync(MqttClusterView former, IReadOnlyList<ClusterEndpoint> endpoints, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ConnectorTasks.Where(task => task.Connection.MqttClusterId == former.Id && task.SessionsKeptUntil != null)
            .ExecuteUpdateAsync(set => set.SetProperty(task => task.SessionsKeptUntil, (DateTimeOffset?)null), cancellationToken);
        if (former.Endpoints.SequenceEqual(endpoints))
        {
            return;
        }

        await db.ConnectorTasks.Where(task => task.StartedEndpoints == former.Endpoints).ExecuteUpdateAsync(
            set => set.SetProperty(task => task.StartedSettings, (ConnectorTaskDraft?)null).SetProperty(task => task.StartedEndpoints, (IReadOnlyList<ClusterEndpoint>?)null),
            cancellationToken);
        await db.OwedSessions.Where(row => row.Endpoints == former.Endpoints).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<string> KeepKafkaAsync(IClusterService clusters, string region, CancellationToken cancellationToken)
    {
        var known = (await clusters.KafkaInstancesAsync(null, cancellationToken)).FirstOrDefault(instance => instance.IsEmbedded);
        if (known is null)
        {
            var draft = new KafkaInstanceDraft
            {
                Name = "Sandbox Kafka",
                Region = region,
                BootstrapServers = sandbox.KafkaBootstrap,
                Description = "Inside this server, in memory, small, forgotten when it stops",
            };
            return Accepted(await clusters.SaveKafkaInstanceAsync(null, 0, draft, restartTasks: false, cancellationToken));
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.KafkaInstances.Where(row => row.Id == known.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.BootstrapServers, sandbox.KafkaBootstrap), cancellationToken);
        return known.Id;
    }

    private async Task<string> ConnectAsync(IConnectionService connections, string broker, CancellationToken cancellationToken)
    {
        var (name, password) = await users.ConnectorAsync(cancellationToken);
        return Accepted(await connections.CreateAsync(
            new ConnectionDraft
            {
                Name = "sandbox",
                Description = "Made at the first start to have something to look at",
                MqttClusterId = broker,
                UserName = name,
                Password = SecretChange.Replace(password),
            },
            cancellationToken));
    }

    private static async Task CreateTaskAsync(
        IConnectorTaskService tasks, string connection, string kafka, CancellationToken cancellationToken) =>
        Accepted(await tasks.CreateAsync(
            new ConnectorTaskDraft
            {
                Name = "plant-telemetry",
                Description = "Temperatures and states of the simulated plant",
                ConnectionId = connection,
                Topics = ["plant/+/+/temp", "plant/+/state"],
                Clients = 2,
                KafkaInstanceId = kafka,
                Topic = "plant-telemetry",
                AutoCreate = new TopicCreationSettings { Partitions = 4, Replicas = 1 },
            },
            paused: false,
            cancellationToken));

    // Everything here is our own and was just started: what is not accepted is a defect, and must not pass in silence.
    private static string Accepted(CommandResult result) =>
        result is { IsAccepted: true, Id: { } id }
            ? id
            : throw new StartRefusedException(
                $"The sandbox could not be registered: {result.Text} Switch it off with Sandbox:Enabled to start without it.");

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.SandboxRegistered, LogLevel.Information, "The sandbox is registered, with a connection and a running task")]
        public static partial void SandboxRegistered(ILogger logger);
    }
}
