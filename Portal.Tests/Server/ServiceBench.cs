using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Clusters;
using Portal.Server.Connections;
using Portal.Server.Data.Entities;
using Portal.Server.Security;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server;

/// <summary>
/// The services on a real database, with a clock, a broker and an actor that the test holds. Anna, an administrator, acts at first.
/// </summary>
internal sealed class ServiceBench : IDisposable
{
    public ServiceBench()
    {
        Audit = new AuditTrail(Time);
        Gate = new ChangeGate(Actor, Database, Audit, NullLogger<ChangeGate>.Instance);
        Specs = new BrokerSpecs(Database.Secrets);
        Connections = new ConnectionService(
            Database, new ConnectionProbe(Database, Specs, Database.Secrets, Probe), Gate, Audit, Database.Secrets, Restart, Time, NullLogger<ConnectionService>.Instance);
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

    public IConnectionService Connections { get; }

    public IClusterService Clusters { get; }

    public IClusterService NewClusters(bool sandboxEnabled)
    {
        var sandbox = Options.Create(new SandboxOptions { Enabled = sandboxEnabled });
        return new ClusterService(
            Database,
            new MqttClusterCommands(Database, Gate, Audit, Database.Secrets, Restart, sandbox, Time),
            new KafkaInstanceCommands(Database, Gate, Audit, Database.Secrets, Restart, sandbox, Time),
            Gate,
            Specs,
            Probe);
    }

    public async Task<IReadOnlyList<AuditEntry>> AuditAsync() =>
        await Database.ReadAsync(db => Task.FromResult(db.AuditEntries.OrderBy(entry => entry.Id).ToList()));

    public void Dispose() => Database.Dispose();
}
