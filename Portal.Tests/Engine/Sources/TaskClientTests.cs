using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sources;

/// <summary>How a client connects, what it says of every failure, and how it comes back.</summary>
public sealed class TaskClientTests : IAsyncDisposable
{
    private readonly EngineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    private TaskClientSnapshot Client => _rig.Snapshot.Clients[0];

    [Fact]
    public async Task Connect_MqttFive_AsksForWhatTheSpecSays()
    {
        var connection = await _rig.StartAsync(_rig.Spec(window: 321));
        var connect = connection.Received.First(packet => packet.Type == 1);
        var subscribe = connection.Received.First(packet => packet.Type == 8);

        Assert.Equal(0, connect.Body[7] & 2);
        Assert.Equal([0x11, 0, 0, 0x0E, 0x10], Property(connect.Body, 0x11, 5));
        Assert.Equal([0x21, 1, 65], Property(connect.Body, 0x21, 3));
        Assert.Equal("task-1-0"u8.ToArray(), connect.Body[^8..]);
        // QoS 1, Retain As Published, not No Local, retained messages only for a new subscription.
        Assert.Equal(0b0001_1001, subscribe.Body[^1]);
        Assert.Equal("$share/g/a"u8.ToArray(), subscribe.Body[^11..^1]);
    }

    [Fact]
    public async Task Connack_Facts_AreInTheSnapshot()
    {
        _rig.Broker.SessionPresent = true;
        _rig.Broker.ConnackProperties = [0x11, 0, 0, 0, 60, 0x13, 0, 7, 0x26, 0, 1, (byte)'k', 0, 1, (byte)'v'];

        await _rig.StartAsync(_rig.Spec());

        Assert.True(Client.SessionPresent);
        Assert.Equal(TimeSpan.FromSeconds(60), Client.SessionExpiry);
        Assert.Equal(TimeSpan.FromSeconds(7), Client.KeepAlive);
        Assert.Equal(new KeyValuePair<string, string>("k", "v"), Assert.Single(Client.UserProperties));
        Assert.StartsWith("127.0.0.1:", Client.LocalAddress);
    }

    [Theory]
    [InlineData(0x87, "The broker refused the connection: not authorised", true)]
    [InlineData(0x89, "The broker refused the connection: the broker is busy (0x89).", false)]
    public async Task Connack_Refused_SaysWhyAndGoesOnTrying(byte code, string words, bool needsYou)
    {
        _rig.Broker.ConnackCode = code;

        await _rig.Supervisor.ApplyAsync(_rig.Spec(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Recovering, "it recovers");

        Assert.StartsWith(words, _rig.Snapshot.Cause);
        Assert.Equal(needsYou, _rig.Snapshot.NeedsYou);
        await Eventually.TrueAsync(() => Client.NextAttemptAt is not null, "the next attempt is planned");
        _rig.Broker.ConnackCode = 0;
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs");
        Assert.Equal(0, Client.Attempt);
    }

    [Fact]
    public async Task Suback_GrantsLess_IsDegradedAndSaysSo()
    {
        _rig.Broker.SubackCode = 0;

        await _rig.StartAsync(_rig.Spec());

        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Degraded, "it is degraded");
        Assert.Equal("The broker granted QoS 0 for $share/g/a: at-least-once is off.", _rig.Snapshot.Cause);
        Assert.Equal(0, Client.Subscriptions.Single().GrantedQos);
    }

    [Fact]
    public async Task Suback_Refused_SaysWhyAndNeedsYou()
    {
        _rig.Broker.SubackCode = 0x9E;

        await _rig.Supervisor.ApplyAsync(_rig.Spec(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Recovering, "it recovers");

        Assert.Equal(
            "The broker refused to subscribe $share/g/a: the broker does not support shared subscriptions (0x9E).", _rig.Snapshot.Cause);
        Assert.True(_rig.Snapshot.NeedsYou);
    }

    [Fact]
    public async Task Connack_NoSharedSubscriptions_IsNotSubscribed()
    {
        _rig.Broker.ConnackProperties = [0x2A, 0];

        await _rig.Supervisor.ApplyAsync(_rig.Spec(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Recovering, "it recovers");

        Assert.StartsWith("The broker does not support shared subscriptions", _rig.Snapshot.Cause);
    }

    [Fact]
    public async Task Disconnect_SessionTakenOverAgain_NamesTheSecondUser()
    {
        var first = await _rig.StartAsync(_rig.Spec());
        await first.SendAsync(0xE0, 2, 0x8E, 0);
        await _rig.Broker.SubscribedAsync(2);
        Assert.False(_rig.Snapshot.NeedsYou);
        await _rig.Broker.Last.SendAsync(0xE0, 2, 0x8E, 0);

        await Eventually.TrueAsync(() => _rig.Snapshot.NeedsYou, "a person is needed");
        Assert.Contains("another program uses the client id task-1-0", Client.LastError);
    }

    [Fact]
    public async Task MqttThree_CutOffAgainAndAgain_SaysThatASecondUserIsLikely()
    {
        await _rig.StartAsync(_rig.Spec(MqttProtocol.V311));
        await CutOffAsync(times: 2);
        Assert.False(_rig.Snapshot.NeedsYou);
        Assert.DoesNotContain("another program", Client.LastError);

        await CutOffAsync(times: 1);

        await Eventually.TrueAsync(() => _rig.Snapshot.NeedsYou, "a person is needed");
        Assert.Contains("third time within minutes that it was let in and cut off within 10 s", Client.LastError);
        Assert.Contains("a likely one is that another program uses the client id task-1-0 too", Client.LastError);
    }

    [Fact]
    public async Task MqttThree_BrokerAwayInBetween_IsNotTakenForASecondUser()
    {
        await _rig.StartAsync(_rig.Spec(MqttProtocol.V311));
        await CutOffAsync(times: 1);
        _rig.Broker.ConnackCode = 3;
        _rig.Broker.Last.Drop();
        await Eventually.TrueAsync(() => Client.Attempt > 0, "it is refused in between");
        _rig.Broker.ConnackCode = 0;
        await _rig.Broker.SubscribedAsync(3);

        await CutOffAsync(times: 1);

        Assert.False(_rig.Snapshot.NeedsYou);
        Assert.DoesNotContain("another program", Client.LastError);
    }

    // Each time as soon as it is online.
    private async Task CutOffAsync(int times)
    {
        for (; times > 0; times--)
        {
            await Eventually.TrueAsync(() => Client.Status == TaskClientStatus.Online, "it is online");
            var before = _rig.Broker.Subscribed;
            _rig.Broker.Last.Drop();
            await _rig.Broker.SubscribedAsync(before + 1);
            await Eventually.TrueAsync(() => Client.Status == TaskClientStatus.Online, "it is online again");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x36, 3, 0, 1, 97 }, "QoS 3")]
    [InlineData(new byte[] { 0x32, 6, 0, 1, 97, 0, 0, 0 }, "packet identifier 0")]
    [InlineData(new byte[] { 0x32, 6, 0, 1, 35, 0, 1, 0 }, "wildcard")]
    [InlineData(new byte[] { 0x32, 9, 0, 1, 97, 0, 1, 3, 0x23, 0, 1 }, "topic alias")]
    [InlineData(new byte[] { 0x32, 7, 0, 1, 97, 0, 1, 9, 1 }, "malformed properties")]
    [InlineData(new byte[] { 0x32, 0xFF, 0xFF, 0xFF, 0xFF, 1 }, "remaining length")]
    [InlineData(new byte[] { 0xC0, 0 }, "type 12 that no broker may send")]
    [InlineData(new byte[] { 0x20, 3, 0, 0, 0 }, "type 2 that no broker may send")]
    public async Task Packet_Malformed_EndsTheSessionWithTheReason(byte[] packet, string words)
    {
        var connection = await _rig.StartAsync(_rig.Spec());

        await connection.SendAsync(packet);

        await Eventually.TrueAsync(() => Client.LastError is not null, "the session ended");
        Assert.StartsWith("The broker broke the protocol", Client.LastError);
        Assert.Contains(words, Client.LastError);
        await Eventually.TrueAsync(() => connection.Received.Any(sent => sent.Type == 14 && sent.Body[0] == 0x81), "DISCONNECT says malformed");
    }

    [Fact]
    public async Task Endpoints_FirstOneDead_NextOneIsUsed()
    {
        var spec = _rig.Spec();
        var dead = new MqttEndpoint(MqttTransport.Tcp, "127.0.0.1", 1);

        await _rig.StartAsync(spec with
        {
            Source = spec.Source with { Broker = spec.Source.Broker with { Endpoints = [dead, .. spec.Source.Broker.Endpoints] } },
        });

        Assert.Equal($"tcp://127.0.0.1:{_rig.Broker.Port}", Client.Endpoint);
    }

    [Fact]
    public async Task KeepAlive_ReadingIsHeld_GoesOnAndSilenceIsNoLoss()
    {
        _rig.Broker.AnswersPings = false;
        var spec = _rig.Spec(window: 1);
        var connection = await _rig.StartAsync(spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromSeconds(1) } });
        _rig.Sinks.Last.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");
        await connection.PublishAsync(2, "two");

        await Eventually.TrueAsync(() => connection.Received.Count(packet => packet.Type == 12) >= 4, "pings go on");

        Assert.Equal(1, _rig.Broker.Accepted);
        Assert.Equal(TaskClientStatus.Online, Client.Status);
    }

    [Fact]
    public async Task KeepAlive_BrokerDoesNotAnswer_IsALostSession()
    {
        _rig.Broker.AnswersPings = false;
        var spec = _rig.Spec();
        await _rig.StartAsync(spec with { Source = spec.Source with { KeepAlive = TimeSpan.FromSeconds(1) } });

        await Eventually.TrueAsync(() => Client.LastError is not null, "the session ended");

        Assert.Equal("The broker did not answer a PINGREQ within 0.5 s; the connection is dead.", Client.LastError);
    }

    [Fact]
    public async Task Subscribe_AnswerLiesBehindHeldMessages_IsWaitedFor()
    {
        var time = new FakeTimeProvider();
        await using var rig = new EngineRig(answersAtOnce: false, time);
        rig.Broker.AnswersSubscribe = false;
        await rig.Supervisor.ApplyAsync(rig.Spec(window: 1), TestContext.Current.CancellationToken);
        await rig.Broker.SubscribedAsync();
        var connection = rig.Broker.Last;
        byte[] message = [0x32, 6, 0, 1, (byte)'a', 0, 1, 0];
        await connection.SendAsync([.. message, .. message[..6], 2, 0]);
        var sink = rig.Sinks.Last;
        await Eventually.TrueAsync(() => sink.Open == 1, "the window is full");

        for (var second = 0; second < 25; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var subscribe = connection.Received.Single(packet => packet.Type == 8);
        await connection.SendAsync(0x90, 4, subscribe.Body[0], subscribe.Body[1], 0, 1);
        sink.Answer();
        await Eventually.TrueAsync(() => sink.Open == 1, "the second is with the sink");
        sink.Answer();
        await Eventually.TrueAsync(() => rig.Snapshot.Clients[0].Status == TaskClientStatus.Online, "the client is online");
        Assert.Equal(1, rig.Broker.Accepted);
    }

    [Fact]
    public async Task Suspend_BeforeTheConnectionIsMade_EndsTheSessionThatComes()
    {
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<EngineMetrics>().BuildServiceProvider();
        var suspending = new TaskCompletionSource<Task>();
        TaskClient? client = null;
        var time = new FirstTimerHook(() => suspending.SetResult(client!.SuspendAsync()));
        var setup = new TaskClientSetup(0, 0, "c", _rig.Spec().Source, new DeliverySpec(), Subscribes: true);
        await using (client = new TaskClient(
            setup, new NoRoute(), new NoObserver(), time, services.GetRequiredService<EngineMetrics>(), NullLogger.Instance))
        {
            client.Start();
            var suspended = await suspending.Task;

            await Eventually.TrueAsync(() => suspended.IsCompletedSuccessfully, "the session is closed");
            client.Resume();
            await _rig.Broker.SubscribedAsync(2);
        }
    }

    private static byte[] Property(byte[] body, byte id, int length)
    {
        var at = Array.IndexOf(body, id, 11);
        return body[at..(at + length)];
    }

    /// <summary>Calls when the first timer is made: that of the limit to connect.</summary>
    private sealed class FirstTimerHook(Action hook) : TimeProvider
    {
        private Action? _hook = hook;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Exchange(ref _hook, null)?.Invoke();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class NoRoute : IMessageRoute
    {
        public TimeSpan Wait => TimeSpan.Zero;

        public RouteResult Take(in InboundMessage message, DeliveryToken token, bool held) => RouteResult.Shut;

        public void Hurry()
        {
        }
    }

    private sealed class NoObserver : ITaskClientObserver
    {
        public void OnClientChanged()
        {
        }

        public void OnClientFact(FactSeverity severity, string text)
        {
        }

        public void OnClientFault(Exception exception)
        {
        }
    }
}
