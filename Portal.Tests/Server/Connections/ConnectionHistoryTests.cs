using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Data.Entities;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Connections;

public sealed class ConnectionHistoryTests : IAsyncLifetime
{
    private const string Id = "resource-plant001";
    private const string Cluster = "mqtt-plant001";

    private readonly ServiceBench _bench = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ConnectionDraft Plant => new() { Name = "plant", MqttClusterId = Cluster, UserName = "plant-user" };

    private static ProbeReport SignedIn => FakeEndpointProbe.Passing with
    {
        Broker = new BrokerFacts(65_536) { Protocol = MqttProtocol.V5, ReceiveMaximum = 20, GrantedQos = 1, SharedSubscriptions = true },
    };

    public async ValueTask InitializeAsync()
    {
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddKafkaInstanceAsync();
        await _bench.Database.AddConnectionAsync();
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Checks_OfTests_AreKeptNewestFirstWithTheirReports()
    {
        _bench.Probe.Answer = SignedIn;
        await TestAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");
        await TestAsync();

        var checks = await _bench.ConnectionHistory.ChecksAsync(Id, 10, Token);

        Assert.Equal(["Refused. Look there.", null], checks!.Select(check => check.Cause));
        Assert.All(checks!, check => Assert.Equal("anna", check.Actor));
        Assert.Equal(TimeSpan.FromMilliseconds(7), checks![1].Latency);
        Assert.Equal(
            new BrokerCapabilities { Version = MqttVersion.V5, ReceiveMaximum = 20, GrantedQos = 1, SharedSubscriptions = true, MaximumPacketSize = 65_536 },
            checks[1].Report.Broker);
        Assert.Single((await _bench.ConnectionHistory.ChecksAsync(Id, 1, Token))!);
    }

    [Fact]
    public async Task Checks_OfCreateAndOfAChange_BelongToIt()
    {
        var created = await _bench.Connections.CreateAsync(Plant with { Name = "second", Password = SecretChange.Replace("x") }, Token);
        await _bench.Connections.UpdateAsync(created.Id!, 1, Plant with { Name = "second", UserName = "other" }, true, false, Token);
        await _bench.Connections.UpdateAsync(created.Id!, 2, Plant with { Name = "renamed", UserName = "other" }, true, false, Token);
        await _bench.Connections.UpdateAsync(created.Id!, 3, Plant with { Name = "renamed", UserName = "untested" }, true, skipValidation: true, Token);

        Assert.Equal(2, (await _bench.ConnectionHistory.ChecksAsync(created.Id!, 10, Token))!.Count);
    }

    [Fact]
    public async Task Check_OfSettingsThatWereOvertaken_IsNotKept()
    {
        _bench.Probe.Script = System.Threading.Channels.Channel.CreateUnbounded<ProbeReport>();
        var slow = TestAsync();
        await Eventually.TrueAsync(() => _bench.Probe.MqttProbes.Count == 1, "the probe began");
        await _bench.Connections.UpdateAsync(Id, 1, Plant with { Description = "newer" }, true, false, Token);

        await _bench.Probe.Script.Writer.WriteAsync(FakeEndpointProbe.Passing, Token);
        _bench.Probe.Script.Writer.Complete();
        await slow;

        Assert.Empty((await _bench.ConnectionHistory.ChecksAsync(Id, 10, Token))!);
    }

    [Fact]
    public async Task Events_TellWhatHappenedNewestFirst()
    {
        await _bench.Database.AddConnectorTaskAsync("runs");
        await _bench.Database.AddAsync(new OperationRow
        {
            Id = FakeRollingRestart.OperationId,
            Title = "Restart 1 task of connection plant",
            SubjectId = Id,
            StartedBy = "anna",
            StartedAt = _bench.Time.GetUtcNow().AddMinutes(2),
        });
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await _bench.Connections.UpdateAsync(Id, 1, Plant with { UserName = "other" }, true, false, Token);
        _bench.Time.Advance(TimeSpan.FromMinutes(5));
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");
        await TestAsync();
        _bench.Time.Advance(TimeSpan.FromMinutes(5));
        _bench.Actor.Who = ServerDatabase.Vera;
        await _bench.Connections.DeleteAsync(Id, 2, Token);

        var events = await _bench.ConnectionHistory.EventsAsync(Id, 50, Token);

        Assert.Equal(
            [
                (ConnectionEventKind.Refused, EventSeverity.Warning, "vera"), (ConnectionEventKind.Tested, EventSeverity.Error, "anna"),
                (ConnectionEventKind.Restart, EventSeverity.Info, "anna"), (ConnectionEventKind.Changed, EventSeverity.Info, "anna"),
                (ConnectionEventKind.Tested, EventSeverity.Info, "anna"),
            ],
            events!.Select(one => (one.Kind, one.Severity, one.Actor)));
        Assert.Equal("Refused. Look there.", events![1].Text);
        Assert.Equal(FakeRollingRestart.OperationId, events[2].OperationId);
        Assert.Contains("other", events[3].Text, StringComparison.Ordinal);
        Assert.Equal([Id], _bench.Restart.Subjects);
    }

    [Fact]
    public async Task Events_OfAnotherConnection_AreNotAmongThem()
    {
        await _bench.Database.AddConnectionAsync(name: "other", id: "resource-other001");
        await foreach (var _ in _bench.Connections.TestAsync("resource-other001", Token))
        {
        }

        Assert.Empty((await _bench.ConnectionHistory.EventsAsync(Id, 50, Token))!);
    }

    [Fact]
    public async Task Unknown_Connection_HasNoHistory()
    {
        Assert.Null(await _bench.ConnectionHistory.ChecksAsync("resource-none0000", 10, Token));
        Assert.Null(await _bench.ConnectionHistory.EventsAsync("resource-none0000", 10, Token));
    }

    [Fact]
    public async Task Delete_OfAConnection_TakesItsChecksAlong()
    {
        await TestAsync();

        Assert.True((await _bench.Connections.DeleteAsync(Id, 1, Token)).IsAccepted);

        Assert.Equal(0, await _bench.Database.ReadAsync(db => Task.FromResult(db.ConnectionChecks.Count())));
    }

    [Fact]
    public async Task LastSignIn_OfACluster_IsTheNewestThatWasLetIn()
    {
        Assert.Null(await _bench.ConnectionHistory.LastSignInAsync(Cluster, Token));
        _bench.Probe.Answer = SignedIn;
        await TestAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("Refused.", "Look there.");
        await TestAsync();

        var found = await _bench.ConnectionHistory.LastSignInAsync(Cluster, Token);

        Assert.Equal((Id, "plant", 20), (found!.ConnectionId, found.ConnectionName, found.Check.Report.Broker!.ReceiveMaximum));
        Assert.Null(await _bench.ConnectionHistory.LastSignInAsync("mqtt-other000", Token));
    }

    private async Task TestAsync()
    {
        await foreach (var _ in _bench.Connections.TestAsync(Id, Token))
        {
        }
    }
}
