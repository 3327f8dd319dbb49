using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Clusters;
using Portal.Server.Connections;
using Portal.Server.Connections.Probing;
using Portal.Server.ConnectorTasks;
using Portal.Server.Data.Entities;
using Portal.Server.Live;
using Portal.Server.Live.Roster;
using Portal.Server.Security;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server;

/// <summary>
/// The services on a real database, with a clock, a broker and an actor that the test holds. Anna, an administrator, acts at first.
/// </summary>
internal sealed class ServiceBench : IDisposable
{
    private readonly ConnectionQueries _queries;
    private readonly TaskRoster _roster;

    public ServiceBench()
    {
        Audit = new AuditTrail(Time);
        Gate = new ChangeGate(Actor, Database, Audit, NullLogger<ChangeGate>.Instance);
        Specs = new BrokerSpecs(Database.Secrets);
        Passed = new PassedTests(Time);
        var supervisor = new FakePipelineSupervisor(Time);
        Feed = new LiveFeed(supervisor, null!, Time);
        _roster = new TaskRoster(Feed, supervisor, Time);
        _queries = new ConnectionQueries(new TaskReports(Feed, new TaskLines(Database, Lines)));
        Connections = new ConnectionService(
            Database, _queries, new ConnectionProbe(Database, Specs, Database.Secrets, Probe, Passed, Time), Gate, Audit, Database.Secrets, Restart, _roster, Time, NullLogger<ConnectionService>.Instance);
        ConnectionHistory = new ConnectionHistory(Database);
        Clusters = NewClusters(sandboxEnabled: true);
    }

    public ServerDatabase Database { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public FakeActor Actor { get; } = new(ServerDatabase.Anna);

    public FakeEndpointProbe Probe { get; } = new();

    public FakeRollingRestart Restart { get; } = new();

    public AuditTrail Audit { get; }

    public ChangeGate Gate { get; }

    public BrokerSpecs Specs { get; }

    public PassedTests Passed { get; }

    /// <summary>What is observed of tasks: as the test publishes it.</summary>
    public LiveFeed Feed { get; }

    /// <summary>To be told when tasks were stored past the services.</summary>
    public TaskLineChanges Lines { get; } = new();

    public IConnectionService Connections { get; }

    public IConnectionHistory ConnectionHistory { get; }

    public IClusterService Clusters { get; }

    public IClusterService NewClusters(bool sandboxEnabled)
    {
        var sandbox = Options.Create(new SandboxOptions { Enabled = sandboxEnabled });
        var parts = new ClusterCommandParts(Database, Gate, Audit, Database.Secrets, Restart, Passed, Specs, sandbox, _roster, Time);
        return new ClusterService(Database, new MqttClusterCommands(parts), new KafkaInstanceCommands(parts), Gate, Specs, Probe, new ClusterHealths(_queries), Passed, Time);
    }

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync() =>
        await Database.ReadAsync(db => Task.FromResult(db.AuditEntries.OrderBy(entry => entry.Id).ToList()));

    public void Dispose() => Database.Dispose();
}
