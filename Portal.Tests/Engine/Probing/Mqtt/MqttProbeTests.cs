using System.Net;
using System.Text;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Mqtt;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Probing.Mqtt;

public sealed class MqttProbeTests
{
    private const string Shared = "$share/";

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Probe_OfAGoodBroker_ProvesAtLeastOnceAndLeavesNothing(MqttProtocol protocol)
    {
        var broker = new BrokenBroker();
        await using var port = ScriptedPort.Serving(broker.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, protocol));

        Assert.True(report.Passed);
        Assert.Equal(100, report.Percent);
        Assert.Contains("proved possible", report.Step("verdict").Result, StringComparison.Ordinal);
        // CONNECT, SUBSCRIBE, PUBLISH, PUBACK, UNSUBSCRIBE, DISCONNECT.
        await Eventually.TrueAsync(() => broker.Seen.Count == 6, "the probe said goodbye");
        Assert.Equal([1, 8, 3, 4, 10, 14], broker.Seen.Select(packet => packet.Type));
        Assert.Equal(protocol == MqttProtocol.V5 ? [0, 5, 0x11, 0, 0, 0, 0] : [], broker.Seen.Last().Body);
    }

    [Fact]
    public async Task SignIn_OfMqtt5_ReadsTheConnackAloud()
    {
        var broker = new BrokenBroker
        {
            // Session expiry 120 s, receive maximum 20, maximum QoS 1, maximum packet size 65536, keep alive 30 s.
            ConnackProperties = [0x11, 0, 0, 0, 120, 0x21, 0, 20, 0x24, 1, 0x27, 0, 1, 0, 0, 0x13, 0, 30],
        };
        await using var port = ScriptedPort.Serving(broker.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port));

        Assert.Equal(
            new BrokerFacts(65_536)
            {
                Protocol = MqttProtocol.V5,
                MaximumQos = 1,
                GrantedQos = 1,
                ReceiveMaximum = 20,
                SessionExpiry = TimeSpan.FromMinutes(2),
                SharedSubscriptions = true,
                KeepAlive = TimeSpan.FromSeconds(30),
            },
            report.Broker);
        Assert.Equal(
            [
                "Signed in as tester with MQTT 5.", "Maximum QoS: 1", "Receive maximum: 20", "Session expiry: 2 min granted, 1 h asked for",
                "Shared subscriptions: offered", "Maximum packet size: 65\u202f536 bytes", "Keep alive: 30 s, set by the broker",
            ],
            report.Step("sign-in").Result!.Split('\n'));
    }

    [Fact]
    public async Task SignIn_OfMqtt311_NamesNoLimits()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker().ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, MqttProtocol.V311));

        Assert.Equal(new BrokerFacts(null) { Protocol = MqttProtocol.V311, GrantedQos = 1 }, report.Broker);
    }

    [Fact]
    public async Task ClosedPort_Always_IsNamed()
    {
        var report = await ProbeRun.ToEndAsync(ProbeRun.At(FreePort.Next()));

        AssertFailed(report, "port", "refused-port", "nothing listens there");
        Assert.All(report.Steps.SkipWhile(step => step.Name != "tls"), step => Assert.Equal(ProbeState.Skipped, step.State));
    }

    [Fact]
    public async Task ClosedPort_BesideTheUsualOne_AsksWhetherThatIsMeant()
    {
        // A loopback address of its own, so that a broker on this machine does not matter.
        await using var usual = ScriptedPort.Serving((_, _) => Task.CompletedTask, new IPEndPoint(IPAddress.Parse("127.0.0.83"), 1883));

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(1884, host: "127.0.0.83"));

        AssertFailed(report, "port", "refused-port", "1883 (plain MQTT) answers: did you mean it?");
    }

    [Fact]
    public async Task UnknownHost_Always_IsNamed()
    {
        var report = await ProbeRun.ToEndAsync(ProbeRun.At(1883, host: "no-such-host.invalid"));

        Assert.Equal("resolve", report.Failure().Name);
        Assert.Contains(report.Failure().Code, (string[])["unknown-host", "name-server"]);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "garbage", "it says \"SSH-2.0-OpenSSH_9.2\"")]
    [InlineData("\u0001\u0002\u0003", "garbage", "its first bytes are 010203")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "http-port", "A web server answers")]
    public async Task OtherProgram_OnThePort_IsNamed(string words, string code, string text)
    {
        await using var port = ScriptedPort.Answering(Encoding.Latin1.GetBytes(words));

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port)), "sign-in", code, text);
    }

    [Fact]
    public async Task PortThatCloses_Always_IsNamed()
    {
        await using var port = ScriptedPort.Closing();

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port)), "sign-in", "closed", "closed the connection");
    }

    [Fact]
    public async Task SilentPort_Always_EndsWithinTenSeconds()
    {
        await using var port = ScriptedPort.Silent();

        var (report, took) = await ProbeRun.ToEndInFastTimeAsync(ProbeRun.At(port.Port));

        Assert.Equal("sign-in", report.Failure().Name);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task SilentBroker_AfterSignIn_EndsWithinTenSeconds()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Suback = _ => 254 }.ServeAsync);

        var (report, took) = await ProbeRun.ToEndInFastTimeAsync(ProbeRun.At(port.Port));

        AssertFailed(report, "subscribe", "silent", "did not answer SUBSCRIBE");
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(MqttProtocol.V5, 0x80, "refused")]
    [InlineData(MqttProtocol.V5, 0x84, "wrong-version")]
    [InlineData(MqttProtocol.V5, 0x85, "client-id")]
    [InlineData(MqttProtocol.V5, 0x86, "bad-credentials")]
    [InlineData(MqttProtocol.V5, 0x87, "not-authorised")]
    [InlineData(MqttProtocol.V5, 0x88, "unavailable")]
    [InlineData(MqttProtocol.V5, 0x89, "busy")]
    [InlineData(MqttProtocol.V5, 0x8A, "banned")]
    [InlineData(MqttProtocol.V5, 0x8C, "auth-method")]
    [InlineData(MqttProtocol.V5, 0x95, "packet-too-large")]
    [InlineData(MqttProtocol.V5, 0x97, "quota")]
    [InlineData(MqttProtocol.V5, 0x9C, "other-server")]
    [InlineData(MqttProtocol.V5, 0x9D, "other-server")]
    [InlineData(MqttProtocol.V5, 0x9F, "rate")]
    [InlineData(MqttProtocol.V5, 0xFE, "refused")]
    [InlineData(MqttProtocol.V311, 1, "wrong-version")]
    [InlineData(MqttProtocol.V311, 2, "client-id")]
    [InlineData(MqttProtocol.V311, 3, "unavailable")]
    [InlineData(MqttProtocol.V311, 4, "bad-credentials")]
    [InlineData(MqttProtocol.V311, 5, "not-authorised")]
    [InlineData(MqttProtocol.V311, 9, "refused")]
    public async Task Connack_ThatRefuses_HasItsOwnWords(MqttProtocol protocol, byte connack, string code)
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Connack = connack }.ServeAsync);

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, protocol)), "sign-in", code, $"0x{connack:X2}");
    }

    [Theory]
    [InlineData(MqttProtocol.V5, 0x86)]
    [InlineData(MqttProtocol.V5, 0x87)]
    [InlineData(MqttProtocol.V311, 4)]
    [InlineData(MqttProtocol.V311, 5)]
    public async Task ABrokerThatWantsAUser_OfAClusterThatHasNone_IsNoFault(MqttProtocol protocol, byte connack)
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Connack = connack }.ServeAsync);
        var closed = Endpoint(FreePort.Next());
        var cluster = ProbeRun.At(port.Port, protocol) with { UserName = null, Password = null, Endpoints = [closed, Endpoint(port.Port)] };

        var report = await ProbeRun.ToEndAsync(cluster, userFollows: true);

        Assert.True(report.Passed);
        Assert.Equal((ProbeState.Warning, "wants-user"), (report.Step("sign-in").State, report.Step("sign-in").Code));
        Assert.StartsWith($"The broker lets no client in without a user (0x{connack:X2}).\n{closed} does not work: ", report.Step("sign-in").Result, StringComparison.Ordinal);
        Assert.All(["subscribe", "verdict"], name => Assert.Equal(ProbeState.Skipped, report.Step(name).State));
        AssertFailed(await ProbeRun.ToEndAsync(cluster), "sign-in", connack is 4 or 0x86 ? "bad-credentials" : "not-authorised", "without a user name");
    }

    [Fact]
    public async Task ABrokerThatIsBusy_RefusesACluster()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Connack = 0x89 }.ServeAsync);

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port) with { UserName = null, Password = null }, userFollows: true), "sign-in", "busy", "(0x89)");
    }

    [Fact]
    public async Task Connack_WithReasonAndServer_QuotesThem()
    {
        byte[] properties = [0x1C, 0, 3, .. "b:1"u8, 0x1F, 0, 4, .. "full"u8];
        await using var port = ScriptedPort.Serving(new BrokenBroker { Connack = 0x9D, ConnackProperties = properties }.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port));

        AssertFailed(report, "sign-in", "other-server", "use another server: b:1 (0x9D).\nThe broker adds: full");
    }

    [Theory]
    [InlineData(MqttProtocol.V5, 4, "20020001")]
    [InlineData(MqttProtocol.V5, 4, "")]
    [InlineData(MqttProtocol.V311, 5, "")]
    public async Task BrokerOfTheOtherVersion_HoweverItRefuses_IsRecognised(MqttProtocol asked, byte spoken, string answer)
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Level = spoken, OnOtherLevel = Convert.FromHexString(answer) }.ServeAsync);

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, asked)), "sign-in", "wrong-version", "does not speak MQTT");
    }

    [Fact]
    public async Task Detective_OnAStrangePort_SendsNoCredentials()
    {
        var heard = new StringBuilder();
        await using var port = ScriptedPort.Serving(async (stream, cancellationToken) =>
        {
            var buffer = new byte[1024];
            var read = await stream.ReadAsync(buffer, cancellationToken);
            lock (heard)
            {
                heard.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        });

        await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, transport: MqttTransport.Tls));

        Assert.Contains("MQTT", heard.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", heard.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("tester", heard.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoSharedSubscriptions_SaidInConnack_AreNotTried()
    {
        var broker = new BrokenBroker { ConnackProperties = [0x2A, 0] };
        await using var port = ScriptedPort.Serving(broker.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port));

        AssertFailed(report, "subscribe", "no-shared-subscriptions", "no shared subscriptions");
        Assert.Equal("impossible", report.Step("verdict").Code);
        Assert.DoesNotContain(broker.Seen, packet => packet.Type == 8);
    }

    [Theory]
    [InlineData(MqttProtocol.V5, 0x9E)]
    [InlineData(MqttProtocol.V5, 0x8F)]
    [InlineData(MqttProtocol.V5, 0x80)]
    [InlineData(MqttProtocol.V311, 0x80)]
    public async Task SharedFilter_RefusedWhereAPlainOneIsGranted_MeansNoSharedSubscriptions(MqttProtocol protocol, byte code)
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Suback = filter => IsShared(filter) ? code : (byte)1 }.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, protocol));

        AssertFailed(report, "subscribe", "no-shared-subscriptions", "no shared subscriptions");
        Assert.Equal("impossible", report.Step("verdict").Code);
    }

    [Theory]
    [InlineData(MqttProtocol.V5, 0x87, "not-authorised")]
    [InlineData(MqttProtocol.V5, 0x80, "not-authorised")]
    [InlineData(MqttProtocol.V5, 0x97, "quota")]
    [InlineData(MqttProtocol.V5, 255, "closed")]
    [InlineData(MqttProtocol.V311, 0x80, "not-authorised")]
    [InlineData(MqttProtocol.V311, 255, "closed")]
    public async Task Subscription_RefusedForLackOfARight_CannotBeTold(MqttProtocol protocol, byte code, string cause)
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Suback = _ => code }.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, protocol));

        Assert.True(report.Passed);
        Assert.Equal((cause, ProbeState.Warning), (report.Step("subscribe").Code, report.Step("subscribe").State));
        Assert.Equal(("untold", ProbeState.Warning), (report.Step("verdict").Code, report.Step("verdict").State));
        Assert.Contains("by hand", report.Step("verdict").Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GrantOfQos0_ToASharedGroup_MakesAtLeastOnceImpossible()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Suback = _ => 0 }.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port));

        Assert.Equal("qos-downgraded", report.Step("subscribe").Code);
        AssertFailed(report, "verdict", "impossible", "only QoS 0");
    }

    [Fact]
    public async Task ShareTakenLiterally_ByA311Broker_MakesAtLeastOnceImpossible()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Deliver = filter => IsShared(filter) ? null : 1 }.ServeAsync);

        var (report, _) = await ProbeRun.ToEndInFastTimeAsync(ProbeRun.At(port.Port, MqttProtocol.V311));

        AssertFailed(report, "verdict", "impossible", "takes $share as an ordinary topic");
    }

    [Fact]
    public async Task DeliveryWithQos0_ToASharedGroup_MakesAtLeastOnceImpossible()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Deliver = _ => 0 }.ServeAsync);

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port)), "verdict", "impossible", "delivers with QoS 0");
    }

    [Theory]
    [InlineData(0x87, "may not publish to its own topic (0x87)")]
    [InlineData(255, "closed the connection when the probe published")]
    public async Task Publish_ThatIsRefused_CannotBeTold(byte puback, string text)
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Puback = puback }.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port));

        Assert.True(report.Passed);
        Assert.Equal("untold", report.Step("verdict").Code);
        Assert.Contains(text, report.Step("verdict").Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_ThatVanishes_CannotBeTold()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { Deliver = _ => null }.ServeAsync);

        var (report, took) = await ProbeRun.ToEndInFastTimeAsync(ProbeRun.At(port.Port));

        Assert.True(report.Passed);
        Assert.Equal("untold", report.Step("verdict").Code);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task SessionExpiryOf0_Granted_IsAWarning()
    {
        await using var port = ScriptedPort.Serving(new BrokenBroker { ConnackProperties = [0x11, 0, 0, 0, 0] }.ServeAsync);

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port));

        Assert.True(report.Passed);
        Assert.Equal("no-sessions", report.Step("verdict").Code);
    }

    [Fact]
    public async Task WebSocket_ToAWebServer_NamesThePath()
    {
        await using var port = ScriptedPort.Answering(Encoding.Latin1.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));

        var report = await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, transport: MqttTransport.WebSocket));

        AssertFailed(report, "sign-in", "not-websocket", "opens no WebSocket at /mqtt (status 404)");
    }

    [Fact]
    public async Task WebSocket_ToAPlainBroker_SaysSo()
    {
        await using var port = ScriptedPort.Closing();

        AssertFailed(await ProbeRun.ToEndAsync(ProbeRun.At(port.Port, transport: MqttTransport.WebSocket)), "sign-in", "not-websocket", "does not answer as a WebSocket");
    }

    [Fact]
    public async Task SeveralEndpoints_OneOfThemGood_PassWithTheOthersNamed()
    {
        await using var good = ScriptedPort.Serving(new BrokenBroker().ServeAsync);
        await using var bad = ScriptedPort.Serving(new BrokenBroker { Connack = 0x86 }.ServeAsync);
        var broker = ProbeRun.At(good.Port) with { Endpoints = [Endpoint(FreePort.Next()), Endpoint(bad.Port), Endpoint(good.Port)] };

        var report = await ProbeRun.ToEndAsync(broker);

        Assert.True(report.Passed);
        Assert.Equal(("other-endpoints", ProbeState.Warning), (report.Step("verdict").Code, report.Step("verdict").State));
        Assert.Equal(3, report.Step("verdict").Result!.Split('\n').Length);
        Assert.Contains($"tcp://127.0.0.1:{bad.Port} does not work: User name or password is wrong", report.Step("verdict").Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FourEndpoints_ThatBringNothingBack_CannotBeToldAndAreNotCalledFailed()
    {
        // The right to publish is missing: each waits for what does not come, in a quarter of the time.
        await using var port = ScriptedPort.Serving(new BrokenBroker { Deliver = _ => null }.ServeAsync);
        var broker = ProbeRun.At(port.Port) with { Endpoints = [.. Enumerable.Repeat(Endpoint(port.Port), 4)] };

        var (report, _) = await ProbeRun.ToEndInFastTimeAsync(broker);

        Assert.True(report.Passed);
        Assert.Equal((ProbeState.Warning, "untold"), (report.Step("verdict").State, report.Step("verdict").Code));
        Assert.Contains("To check by hand", report.Step("verdict").Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralEndpoints_NoneGood_ShowTheOneThatCameFurthest()
    {
        await using var bad = ScriptedPort.Serving(new BrokenBroker { Connack = 0x86 }.ServeAsync);
        var closed = FreePort.Next();
        var broker = ProbeRun.At(bad.Port) with { Endpoints = [Endpoint(bad.Port), Endpoint(closed)] };

        var report = await ProbeRun.ToEndAsync(broker);

        AssertFailed(report, "sign-in", "bad-credentials", $"tcp://127.0.0.1:{closed} does not work");
    }

    [Fact]
    public async Task Cancel_WhileNobodyAnswers_EndsAtOnce()
    {
        await using var port = ScriptedPort.Silent();
        using var cancel = new CancellationTokenSource();

        // The clock stands still: nothing but the cancellation can end it.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var report in new MqttProbe(new Microsoft.Extensions.Time.Testing.FakeTimeProvider()).ProbeAsync(ProbeRun.At(port.Port), userFollows: false, cancel.Token))
            {
                if (report.Step("sign-in").State == ProbeState.Running)
                {
                    cancel.CancelAfter(50);
                }
            }
        });
    }

    private static bool IsShared(string filter) => filter.StartsWith(Shared, StringComparison.Ordinal);

    private static MqttEndpoint Endpoint(int port) => new(MqttTransport.Tcp, "127.0.0.1", port);

    private static void AssertFailed(ProbeReport report, string step, string code, string text)
    {
        Assert.False(report.Passed);
        Assert.Equal((step, code), (report.Failure().Name, report.Failure().Code));
        Assert.Contains(text, report.Failure().Result, StringComparison.Ordinal);
    }
}
