using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Confluent.Kafka;
using MQTTnet.Packets;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Tests.Engine.Probing.Mqtt;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>Every way into a real Mosquitto, through the engine, into a real Kafka; and what the probe says about the same way.</summary>
public sealed class MosquittoTransportTests(SharedKafka shared) : IClassFixture<SharedKafka>, IDisposable
{
    private const int Messages = 50;

    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V5, false)]
    [InlineData(MqttTransport.Tcp, MqttProtocol.V311, false)]
    [InlineData(MqttTransport.Tls, MqttProtocol.V5, false)]
    [InlineData(MqttTransport.Tls, MqttProtocol.V311, false)]
    [InlineData(MqttTransport.Tls, MqttProtocol.V5, true)]
    [InlineData(MqttTransport.Tls, MqttProtocol.V311, true)]
    [InlineData(MqttTransport.WebSocket, MqttProtocol.V5, false)]
    [InlineData(MqttTransport.WebSocket, MqttProtocol.V311, false)]
    [InlineData(MqttTransport.SecureWebSocket, MqttProtocol.V5, false)]
    [InlineData(MqttTransport.SecureWebSocket, MqttProtocol.V311, false)]
    public async Task Messages_ByEveryWay_ArriveWithTheirHeaders(MqttTransport transport, MqttProtocol protocol, bool byClientCertificate)
    {
        var kafka = await shared.GetAsync();
        await using var broker = await StartAsync();
        var spec = Way(broker, transport, protocol, byClientCertificate);
        var topic = $"way-{transport}-{protocol}-{byClientCertificate}";
        await kafka.CreateTopicAsync(topic, 3);

        var report = await ProbeRun.ToEndAsync(spec);
        Assert.True(report.Passed, report.Steps.FirstOrDefault(step => step.State == ProbeState.Failed)?.ToString());
        Assert.Equal(
            spec.Endpoints[0].IsSecure ? ProbeState.Passed : ProbeState.Skipped, report.Step("tls").State);
        Assert.StartsWith($"Signed in as tester with MQTT {(protocol == MqttProtocol.V5 ? "5" : "3.1.1")}.", report.Step("sign-in").Result, StringComparison.Ordinal);
        Assert.Contains("At least once is proved possible", report.Step("verdict").Result, StringComparison.Ordinal);

        await using var engine = new RealEngine();
        await engine.RunAsync(RealEngine.Spec(spec, new KafkaSpec { BootstrapServers = kafka.Bootstrap }, "plant/#", topic, clients: 2));
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        for (var number = 0; number < Messages; number++)
        {
            await publisher.PublishAsync($"plant/{number % 7}", $"{number}", qos: number % 2, properties: new MqttUserProperty("line", "7"u8.ToArray()));
        }

        var records = KafkaReader.Read(kafka.Bootstrap, topic, Messages);
        Assert.Equal(Enumerable.Range(0, Messages), records.Select(Number).Order());
        Assert.All(records, record => AssertHeaders(record, protocol));
        await Eventually.TrueAsync(() => engine.Books.Delivered == Messages, "all are delivered");
        Assert.Equal(0, engine.Books.Unaccounted);
    }

    [Fact]
    public async Task ServerName_OtherThanTheHost_IsAskedForAndCheckedByEveryWay()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("named", 1);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Certificate = _certificates.Issue("broker.acme.example"), WebSockets = true });
        MqttBrokerSpec Named(MqttTransport transport, string? name) => ProbeRun.At(transport == MqttTransport.Tls ? broker.TlsPort : broker.SecureWebSocketPort, transport: transport) with
        {
            Tls = new TlsSpec { CaPem = _certificates.AuthorityPem, ServerName = name, MinimumVersion = TlsVersion.Tls13 },
        };

        foreach (var transport in (MqttTransport[])[MqttTransport.Tls, MqttTransport.SecureWebSocket])
        {
            var unnamed = await ProbeRun.ToEndAsync(Named(transport, null));
            Assert.Equal(("tls", "certificate-name"), (unnamed.Failure().Name, unnamed.Failure().Code));
            Assert.True((await ProbeRun.ToEndAsync(Named(transport, "broker.acme.example"))).Passed);

            await using var engine = new RealEngine();
            await engine.RunAsync(RealEngine.Spec(Named(transport, "broker.acme.example"), new KafkaSpec { BootstrapServers = kafka.Bootstrap }, "plant/#", "named"));
            await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, $"publisher-{transport}");
            await publisher.PublishAsync("plant/1", "x");
            await Eventually.TrueAsync(() => engine.Books.Delivered == 1, "it is delivered");
        }
    }

    [Theory]
    [InlineData(MqttTransport.Tls)]
    [InlineData(MqttTransport.SecureWebSocket)]
    public async Task Certificate_ThatIsWrong_StopsTheTaskAsItStopsTheProbe(MqttTransport transport)
    {
        using var other = new TestCertificates("Other Root");
        await using var broker = await StartAsync();
        var wrong = Way(broker, transport, MqttProtocol.V5, byClientCertificate: false) with { Tls = new TlsSpec { CaPem = other.AuthorityPem } };

        Assert.Equal("unknown-ca", (await ProbeRun.ToEndAsync(wrong)).Failure().Code);
        await using var engine = new RealEngine();
        await engine.BeginAsync(RealEngine.Spec(wrong, new KafkaSpec { BootstrapServers = "127.0.0.1:1" }, "plant/#", "t"));
        await Eventually.TrueAsync(() => engine.Snapshot.NeedsYou, "the task asks for a person");
        Assert.StartsWith("The certificate is signed by 'Test Root', which is not the given CA.", engine.Snapshot.Cause, StringComparison.Ordinal);
        Assert.EndsWith("give the certificate (PEM) of the authority that signed the server's.", engine.Snapshot.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientCertificate_NotGivenOrOfAnotherAuthority_IsToldByProbeAndTask()
    {
        using var other = new TestCertificates("Other Root");
        await using var broker = await StartAsync();
        var good = Way(broker, MqttTransport.Tls, MqttProtocol.V5, byClientCertificate: true);
        var none = good with { Tls = new TlsSpec { CaPem = _certificates.AuthorityPem } };
        using var stranger = other.Issue("stranger");

        var at = $"127.0.0.1:{broker.ClientCertificatePort}";
        var missing = (await ProbeRun.ToEndAsync(none)).Failure();
        Assert.Equal(
            ("sign-in", "client-certificate", $"{at} asks for a client certificate, and none is given.", "Under Certificates, give a client certificate with its key."),
            (missing.Name, missing.Code, missing.Result, missing.Advice));
        var refused = (await ProbeRun.ToEndAsync(good with { Tls = Offering(stranger) })).Failure();
        Assert.Equal(
            ("sign-in", "client-certificate-refused", $"{at} does not accept the client certificate (unknown ca)."), (refused.Name, refused.Code, refused.Result));

        await TaskTellsAsync(none, $"{missing.Result} {missing.Advice}");
        await TaskTellsAsync(good with { Tls = Offering(stranger) }, $"{refused.Result} {refused.Advice}");
        using var old = _certificates.Issue("connector", DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-1));
        await TaskTellsAsync(good with { Tls = Offering(old) }, $"{at} does not accept the client certificate (certificate expired). {refused.Advice}");
    }

    private static async Task TaskTellsAsync(MqttBrokerSpec broker, string cause)
    {
        await using var engine = new RealEngine();
        await engine.BeginAsync(RealEngine.Spec(broker, new KafkaSpec { BootstrapServers = "127.0.0.1:1" }, "plant/#", "t"));
        await Eventually.TrueAsync(() => engine.Snapshot.Clients.Any(client => client.Status == TaskClientStatus.Waiting), "the client waits for its next attempt");
        Assert.Equal((cause, true), (engine.Snapshot.Cause, engine.Snapshot.NeedsYou));
    }

    [Fact]
    public async Task Broker_ThatCutsOffByReset_IsTriedAgainAndEndsNoTask()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var attempts = 0;
        var serving = Task.Run(
            async () =>
            {
                using var certificate = _certificates.Issue("127.0.0.1");
                while (true)
                {
                    using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

                    // Every other connection is the question what the broker has against the client's certificate: reset before it is asked.
                    if (attempts++ % 2 == 0)
                    {
                        await using var tls = new SslStream(new NetworkStream(socket));
                        await tls.AuthenticateAsServerAsync(certificate);
                    }

                    socket.LingerState = new LingerOption(true, 0);
                }
            },
            TestContext.Current.CancellationToken);
        var broker = ProbeRun.At(((IPEndPoint)listener.LocalEndpoint).Port, transport: MqttTransport.Tls) with { Tls = new TlsSpec { CaPem = _certificates.AuthorityPem } };
        await using var engine = new RealEngine();
        await engine.BeginAsync(RealEngine.Spec(broker, new KafkaSpec { BootstrapServers = "127.0.0.1:1" }, "plant/#", "t"));

        await Eventually.TrueAsync(() => attempts >= 8 || engine.Snapshot.HasFailed || serving.IsCompleted, "it was tried four times, or given up");
        Assert.False(serving.IsCompleted, $"{serving.Exception}");
        Assert.False(engine.Snapshot.HasFailed, engine.Snapshot.Cause);
        Assert.False(engine.Snapshot.NeedsYou, engine.Snapshot.Cause);
        listener.Stop();
        await serving.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Acl_WithoutARightToRead_IsToldByTheTaskAndWhatIsAllowedFlows()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("allowed", 1);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Users = new Dictionary<string, string> { ["tester"] = "secret", ["connector"] = "c0nnect" },
            Acl = ["user tester", "topic readwrite #", "user connector", "topic read plant/#"],
        });
        var connector = ProbeRun.At(broker.Port) with { UserName = "connector", Password = "c0nnect" };

        // It may not publish to the probe's own topic, so the probe cannot prove anything, and says that.
        var report = await ProbeRun.ToEndAsync(connector);
        Assert.True(report.Passed);
        Assert.Equal((ProbeState.Warning, "untold"), (report.Step("verdict").State, report.Step("verdict").Code));

        await using var engine = new RealEngine();
        await engine.RunAsync(RealEngine.Spec(connector, new KafkaSpec { BootstrapServers = kafka.Bootstrap }, "#", "allowed"));
        await using var publisher = await TestMqttClient.ConnectAsync(broker.Port, "publisher");
        await publisher.PublishAsync("office/1", "not for us");
        await publisher.PublishAsync("plant/1", "for us");

        var record = Assert.Single(KafkaReader.Read(kafka.Bootstrap, "allowed", 1));
        Assert.Equal(("for us", "plant/1"), (record.Text(), record.Header("mqtt.topic")));
    }

    private static int Number(ConsumeResult<byte[]?, byte[]?> record) => int.Parse(record.Text()!, CultureInfo.InvariantCulture);

    private static void AssertHeaders(ConsumeResult<byte[]?, byte[]?> record, MqttProtocol protocol)
    {
        var number = Number(record);
        Assert.Equal($"plant/{number % 7}", record.Header("mqtt.topic"));
        Assert.Equal($"{number % 2}", record.Header("mqtt.qos"));
        Assert.Equal("false", record.Header("mqtt.retained"));
        Assert.Equal("false", record.Header("mqtt.duplicate"));
        Assert.Equal(number % 2 == 1, record.Header("mqtt.message.packet.id") is not null);
        Assert.Equal(protocol == MqttProtocol.V5 ? "7" : null, record.Header("line"));
    }

    private Task<MosquittoBroker> StartAsync() => MosquittoBroker.StartAsync(new MosquittoOptions
    {
        Certificate = _certificates.Issue("127.0.0.1"),
        ClientAuthorityPem = _certificates.AuthorityPem,
        WebSockets = true,
    });

    private MqttBrokerSpec Way(MosquittoBroker broker, MqttTransport transport, MqttProtocol protocol, bool byClientCertificate)
    {
        var port = transport switch
        {
            MqttTransport.Tls => byClientCertificate ? broker.ClientCertificatePort : broker.TlsPort,
            MqttTransport.WebSocket => broker.WebSocketPort,
            MqttTransport.SecureWebSocket => broker.SecureWebSocketPort,
            _ => broker.Port,
        };
        using var own = _certificates.Issue("connector");
        return ProbeRun.At(port, protocol, transport) with { Tls = byClientCertificate ? Offering(own) : new TlsSpec { CaPem = _certificates.AuthorityPem } };
    }

    private TlsSpec Offering(X509Certificate2 certificate) => new()
    {
        CaPem = _certificates.AuthorityPem,
        ClientCertificatePem = certificate.ExportCertificatePem(),
        ClientKeyPem = certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
    };
}
