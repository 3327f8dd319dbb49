using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Pipelines;

/// <summary>The engine against a real Mosquitto, with a sink that answers at once.</summary>
public sealed class PipelineMosquittoTests : IAsyncDisposable
{
    private const int Count = 2000;

    private readonly EngineRig _rig = new();
    private readonly TestCertificates _certificates = new();

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        _certificates.Dispose();
    }

    [Theory]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V5, 1)]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V311, 1)]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V5, 2)]
    [InlineData(MqttTransport.Tls, MqttProtocol.V5, 1)]
    [InlineData(MqttTransport.WebSocket, MqttProtocol.V5, 1)]
    [InlineData(MqttTransport.SecureWebSocket, MqttProtocol.V311, 1)]
    public async Task Messages_EveryTransportAndVersion_ArriveOnceEach(MqttTransport transport, MqttProtocol protocol, int qos)
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Certificate = _certificates.Issue("localhost"),
            WebSockets = true,
        });
        var port = transport switch
        {
            MqttTransport.Tls => broker.TlsPort,
            MqttTransport.WebSocket => broker.WebSocketPort,
            MqttTransport.SecureWebSocket => broker.SecureWebSocketPort,
            _ => broker.Port,
        };
        await RunAsync(Spec(new MqttEndpoint(transport, "localhost", port), protocol, qos, clients: 2));

        await PublishAsync(broker.Port, 0, Count, (MqttQualityOfServiceLevel)qos);
        await Eventually.TrueAsync(() => _rig.Books.Delivered == Count, "everything is delivered");

        Assert.Equal(Enumerable.Range(0, Count), Numbers().Order());
        Assert.All(_rig.Snapshot.Clients, client => Assert.True(client.ReceivedByQos[qos] > 0, "each client took its share"));
        Assert.Equal(0, _rig.Books.Unaccounted);
    }

    [Fact]
    public async Task Message_LargerThanEveryBuffer_ArrivesWhole()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await RunAsync(Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), MqttProtocol.V5, 1, clients: 1));
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        var large = new string('x', 700_000);

        await publisher.PublishAsync("a", "before");
        await publisher.PublishAsync("a", large);
        await publisher.PublishAsync("a", "behind");

        await Eventually.TrueAsync(() => _rig.Books.Delivered == 3, "all three are delivered");
        Assert.Equal(["before", large, "behind"], _rig.Sinks.Last.Values);
    }

    [Fact]
    public async Task Retire_KeepSessions_BrokerQueuesUntilTheTaskComesBack()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var spec = Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), MqttProtocol.V5, 1, clients: 2);
        await RunAsync(spec);
        var first = _rig.Sinks.Last;
        await PublishAsync(broker.Port, 0, 100, MqttQualityOfServiceLevel.AtLeastOnce);
        await Eventually.TrueAsync(() => _rig.Books.Delivered == 100, "the first hundred is delivered");

        await _rig.Supervisor.RetireAsync("task-1", RetireMode.KeepSessions, TestContext.Current.CancellationToken);
        await PublishAsync(broker.Port, 100, 200, MqttQualityOfServiceLevel.AtLeastOnce);
        await RunAsync(spec);
        await Eventually.TrueAsync(() => _rig.Books.Delivered == 100, "the second hundred is delivered");

        Assert.Equal(Enumerable.Range(0, 200), first.Values.Concat(_rig.Sinks.Last.Values).Select(int.Parse).Order());
        Assert.All(_rig.Snapshot.Clients, client => Assert.True(client.SessionPresent));
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Retire_EndSessions_LeavesNoSessionAtTheBroker(MqttProtocol protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await RunAsync(Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), protocol, 1, clients: 1));

        var last = await _rig.Supervisor.RetireAsync("task-1", RetireMode.EndSessions, TestContext.Current.CancellationToken);

        Assert.Empty(last!.Warnings);
        await using var heir = await TestMqttClient.ConnectAsync(broker.Port, "task-1-0", with: options => options
            .WithProtocolVersion(MqttProtocolVersion.V500).WithCleanStart(false).WithSessionExpiryInterval(60));
        Assert.False(heir.Connack.IsSessionPresent);
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task EndSession_OfOneClient_DeliversWhatIsOpenAndBeginsANewSession(MqttProtocol protocol)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await RunAsync(Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), protocol, 1, clients: 2));
        await PublishAsync(broker.Port, 0, 100, MqttQualityOfServiceLevel.AtLeastOnce);
        var token = TestContext.Current.CancellationToken;

        Assert.Null(await _rig.Supervisor.EndSessionAsync("task-1", "task-1-0", token));
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients[0] is { Status: TaskClientStatus.Online, Reconnects: 1 }, "it is back");
        Assert.False(_rig.Snapshot.Clients[0].SessionPresent);
        Assert.Equal(0, _rig.Snapshot.Clients[1].Reconnects);

        // An ordinary loss afterwards: the new session is one that the broker keeps.
        Assert.True(_rig.Supervisor.Disconnect("task-1", "task-1-0"));
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients[0] is { Status: TaskClientStatus.Online, Reconnects: 2 }, "it is back again");
        Assert.True(_rig.Snapshot.Clients[0].SessionPresent);
        await PublishAsync(broker.Port, 100, 200, MqttQualityOfServiceLevel.AtLeastOnce);
        await Eventually.TrueAsync(() => Numbers().Count(number => number >= 100) == 100, "the group goes on");
        Assert.Equal(0, _rig.Books.Unaccounted);

        Assert.Equal("There is no such client now.", await _rig.Supervisor.EndSessionAsync("task-1", "task-1-7", token));
        Assert.Equal("There is no such client now.", await _rig.Supervisor.EndSessionAsync("task-2", "task-2-0", token));
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Apply_FewerAndMoreClientsUnderLoad_LosesNothingAndKeepsTheOtherSessions(MqttProtocol protocol)
    {
        const int Many = 20_000;
        await using var broker = await MosquittoBroker.StartAsync();
        var spec = Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), protocol, 1, clients: 4);
        await RunAsync(spec);
        var run = _rig.Snapshot.RunId;
        var publishing = PublishAsync(broker.Port, 0, Many, MqttQualityOfServiceLevel.AtLeastOnce);
        foreach (var clients in new[] { 1, 3, 2, 4, 1 })
        {
            var result = await _rig.Supervisor.ApplyAsync(spec with { Clients = [.. Enumerable.Range(0, clients)] }, TestContext.Current.CancellationToken);
            Assert.Equal((ApplyOutcome.Scaled, 0), (result.Outcome, result.Owed.Count));
        }

        await publishing;

        await Eventually.TrueAsync(() => Numbers().Distinct().Count() == Many, "every number arrived");
        Assert.Equal((run, 0, 0L), (_rig.Snapshot.RunId, Assert.Single(_rig.Snapshot.Clients).Reconnects, _rig.Books.Unaccounted));
    }

    [Fact]
    public async Task EndSession_BrokerHangs_IsNotSaidToBeDone()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await RunAsync(Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), MqttProtocol.V5, 1, clients: 1));

        broker.Freeze();
        var why = await _rig.Supervisor.EndSessionAsync("task-1", "task-1-0", TestContext.Current.CancellationToken);
        broker.Thaw();

        Assert.StartsWith("The broker did not confirm the end of its session.", why);
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients[0] is { Status: TaskClientStatus.Online, Reconnects: 1 }, "it is back");
    }

    [Theory]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V5)]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V311)]
    [InlineData(MqttTransport.Tls, MqttProtocol.V5)]
    [InlineData(MqttTransport.WebSocket, MqttProtocol.V5)]
    [InlineData(MqttTransport.SecureWebSocket, MqttProtocol.V5)]
    public async Task Pause_TenTimesUnderLoad_LosesAndDoublesNothing(MqttTransport transport, MqttProtocol protocol)
    {
        const int Many = 40_000;
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Certificate = _certificates.Issue("localhost"), WebSockets = true });
        var port = transport switch
        {
            MqttTransport.Tls => broker.TlsPort,
            MqttTransport.WebSocket => broker.WebSocketPort,
            MqttTransport.SecureWebSocket => broker.SecureWebSocketPort,
            _ => broker.Port,
        };
        var spec = Spec(new MqttEndpoint(transport, "localhost", port), protocol, 1, clients: 1);
        spec = spec with { Source = spec.Source with { Window = 5_000 } };
        List<FakeRecordSink> sinks = [];
        async Task ResumeAsync()
        {
            await RunAsync(spec);
            sinks.Add(_rig.Sinks.Last);
        }

        async Task PauseAsync()
        {
            var last = await _rig.Supervisor.RetireAsync("task-1", RetireMode.KeepSessions, TestContext.Current.CancellationToken);
            Assert.Equal((0L, 0L), (last!.Books.Abandoned, last.Books.Unaccounted));
        }

        // Enough at the broker that it sends without a break whenever somebody listens.
        await ResumeAsync();
        await PauseAsync();
        await FloodAsync(broker.Port, Many, new string('.', 300));
        for (var pause = 0; pause < 10; pause++)
        {
            await ResumeAsync();
            await PauseAsync();
        }

        await ResumeAsync();
        await Eventually.TrueAsync(() => sinks.SelectMany(sink => sink.Values).Distinct().Count() == Many, "every number arrived");

        Assert.Equal(0, sinks.Sum(sink => sink.Values.Count) - Many);
    }

    [Fact]
    public async Task Broker_Killed_IsReconnectedAndNothingIsLost()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await RunAsync(Spec(new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", broker.Port), MqttProtocol.V5, 1, clients: 2));
        await PublishAsync(broker.Port, 0, 100, MqttQualityOfServiceLevel.AtLeastOnce);
        await Eventually.TrueAsync(() => _rig.Books.Delivered == 100, "the first hundred is delivered");

        await broker.KillAsync();
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Recovering, "it recovers");
        Assert.NotNull(_rig.Snapshot.Cause);
        await broker.RestartAsync();
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs again");
        await PublishAsync(broker.Port, 100, 200, MqttQualityOfServiceLevel.AtLeastOnce);

        await Eventually.TrueAsync(() => Numbers().Distinct().Count() == 200, "the second hundred is delivered");
        Assert.Equal(0, _rig.Books.Unaccounted);
    }

    private static async Task PublishAsync(int port, int from, int to, MqttQualityOfServiceLevel qos)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithCredentials("tester", "secret").Build();
        await client.ConnectAsync(options, CancellationToken.None);
        for (var number = from; number < to; number++)
        {
            await client.PublishStringAsync("a", $"{number}", qos, cancellationToken: CancellationToken.None);
        }

        await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
    }

    private static async Task FloodAsync(int port, int count, string rest)
    {
        await using var publisher = await TestMqttClient.ConnectAsync(port, "flood");
        foreach (var block in Enumerable.Range(0, count).Chunk(500))
        {
            await Task.WhenAll(block.Select(number => publisher.PublishAsync("a", $"{number}{rest}")));
        }
    }

    private IEnumerable<int> Numbers() => _rig.Sinks.Last.Values.Select(int.Parse);

    private async Task RunAsync(PipelineSpec spec)
    {
        var result = await _rig.Supervisor.ApplyAsync(spec, CancellationToken.None);
        Assert.Empty(result.Errors);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs");
    }

    private PipelineSpec Spec(MqttEndpoint endpoint, MqttProtocol protocol, int qos, int clients)
    {
        var spec = _rig.Spec(protocol, window: 100, qos, clients);
        return spec with
        {
            Source = spec.Source with
            {
                Broker = new MqttBrokerSpec
                {
                    Endpoints = [endpoint],
                    Protocol = protocol,
                    UserName = "tester",
                    Password = "secret",
                    Tls = endpoint.IsSecure ? new TlsSpec { CaPem = _certificates.AuthorityPem } : null,
                },
            },
        };
    }
}
