using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Kafka;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Probing.Kafka;

/// <summary>Broken Kafkas of all kinds: each is named at the stage where it shows, with its cause and what to do about it.</summary>
public sealed class KafkaProbeFaultTests : IDisposable
{
    private static readonly string[] Order = ["resolve", "port", "tls", "sign-in", "listeners", "authorisation", "topic", "replication", "size"];
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public Task Settings_Wrong() => FailsAsync(new KafkaSpec { BootstrapServers = "kafka" }, "resolve", "invalid-settings", "needs a port");

    [Fact]
    public Task Host_Unknown() => FailsAsync(Plain("nowhere.invalid:9092"), "resolve", null, "nowhere.invalid");

    [Fact]
    public Task Port_NothingListens() => FailsAsync(Plain("127.0.0.1:1"), "port", "refused-port", "127.0.0.1:1 refused the connection");

    [Fact]
    public async Task Port_Silent()
    {
        await using var port = ScriptedPort.Silent();
        await FailsAsync(Plain(port.Address), "sign-in", "no-answer", "did not answer a Kafka request");
    }

    [Fact]
    public async Task Port_SilentForTls()
    {
        await using var port = ScriptedPort.Silent();
        await FailsAsync(Secure(port), "tls", "no-answer", "TLS greeting");
    }

    [Fact]
    public async Task Port_SpeaksHttp()
    {
        await using var port = ScriptedPort.Answering("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await FailsAsync(Plain(port.Address), "sign-in", "not-kafka", "not as Kafka does");
    }

    [Fact]
    public async Task Port_AnswersAFewBytes()
    {
        await using var port = ScriptedPort.Serving(async (stream, token) => await stream.WriteAsync(new byte[] { 0, 0, 0 }, token));
        await FailsAsync(Plain(port.Address), "sign-in", "not-kafka", "not as Kafka does");
    }

    [Fact]
    public async Task Port_ClosesAtOnce()
    {
        await using var port = ScriptedPort.Closing();
        await FailsAsync(Plain(port.Address), "sign-in", "not-kafka", "closed the connection");
    }

    [Fact]
    public async Task Tls_OnAPlainKafka()
    {
        using var kafka = new MockKafka();
        var spec = new KafkaSpec { BootstrapServers = kafka.Bootstrap, Security = KafkaSecurity.Ssl };
        await FailsAsync(spec, "tls", "plain-port", "speaks plain Kafka");
    }

    [Fact]
    public async Task Tls_OnSomethingElse()
    {
        await using var port = ScriptedPort.Answering("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
        await FailsAsync(Secure(port), "tls", "tls-failed", "TLS handshake");
    }

    [Fact]
    public async Task Tls_UnknownAuthority()
    {
        using var other = new TestCertificates("Acme Root");
        using var certificate = other.Issue("127.0.0.1");
        await using var port = ScriptedPort.Secure(certificate);
        await FailsAsync(Secure(port), "tls", "unknown-ca", "'Acme Root'");
        await FailsAsync(Secure(port) with { CaPem = null }, "tls", "unknown-ca", "this machine does not trust");
    }

    [Fact]
    public async Task Tls_OtherName()
    {
        using var certificate = _certificates.Issue("kafka.acme.lan");
        await using var port = ScriptedPort.Secure(certificate);
        await FailsAsync(Secure(port), "tls", "certificate-name", "for kafka.acme.lan, not for 127.0.0.1");
    }

    [Fact]
    public async Task Tls_Expired()
    {
        using var certificate = _certificates.Issue("127.0.0.1", DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(-2));
        await using var port = ScriptedPort.Secure(certificate);
        await FailsAsync(Secure(port), "tls", "certificate-expired", "expired on");
    }

    [Fact]
    public async Task Tls_NotYetValid()
    {
        using var certificate = _certificates.Issue("127.0.0.1", DateTimeOffset.UtcNow.AddDays(3), DateTimeOffset.UtcNow.AddDays(9));
        await using var port = ScriptedPort.Secure(certificate);
        await FailsAsync(Secure(port), "tls", "certificate-not-yet-valid", "valid only from");
    }

    [Fact]
    public async Task Tls_ClosedAfterTheHandshake()
    {
        using var certificate = _certificates.Issue("127.0.0.1");
        await using var port = ScriptedPort.Secure(certificate, (_, _) => Task.CompletedTask);
        await FailsAsync(Secure(port), "sign-in", "closed-after-tls", "client certificate", inAdvice: true);
    }

    [Fact]
    public async Task Plain_OnATlsPort()
    {
        using var certificate = _certificates.Issue("127.0.0.1");
        await using var port = ScriptedPort.Secure(certificate);
        await FailsAsync(Plain(port.Address), "sign-in", "tls-port", "speaks TLS");
    }

    [Fact]
    public async Task SignIn_OtherMechanism()
    {
        await using var port = ScriptedPort.Serving(Greet("SCRAM-SHA-512", "OAUTHBEARER"));
        await FailsAsync(Sasl(port.Address), "sign-in", "mechanism", "does not offer PLAIN (UNSUPPORTED_SASL_MECHANISM). It offers: SCRAM-SHA-512, OAUTHBEARER");
    }

    [Fact]
    public async Task SignIn_NotGiven()
    {
        await using var port = ScriptedPort.Serving(Greet("PLAIN"));
        await FailsAsync(Plain(port.Address), "sign-in", "sign-in-needed", "offers: PLAIN");
    }

    [Fact]
    public async Task SignIn_NotAsked()
    {
        using var kafka = new MockKafka();
        await FailsAsync(Sasl(kafka.Bootstrap), "sign-in", "no-sign-in", "lets everybody in");
    }

    [Fact]
    public async Task Topic_Missing()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("there");
        var report = await RunAsync(Plain(kafka.Bootstrap), new KafkaProbeTarget { Topics = ["there", "gone"] });

        var step = report.Steps.Single(step => step.Name == "topic");
        Assert.Equal((ProbeState.Failed, "topic-missing"), (step.State, step.Code));
        Assert.Contains("there has 4 partitions", step.Result);
        Assert.Contains("gone does not exist, and creating it is switched off", step.Result);
    }

    [Fact]
    public async Task Listener_AdvertisedOutOfReach()
    {
        using var kafka = new MockKafka(brokers: 3);
        kafka.CreateTopic("t");
        var servers = kafka.Bootstrap;
        kafka.Advertise(2, "kafka-2.invalid", 9092);
        kafka.Advertise(3, "127.0.0.1", 1);
        var report = await RunAsync(Plain(servers.Split(',')[0]), new KafkaProbeTarget { Topics = ["t"] });

        var step = Assert.Single(report.Steps, step => step.State == ProbeState.Failed);
        Assert.Equal(("listeners", "listener"), (step.Name, step.Code));
        Assert.Contains("Broker 1 is reached", step.Result);
        Assert.Contains("Broker 2 advertises kafka-2.invalid:9092, which cannot be used from here. kafka-2.invalid has no address", step.Result);
        Assert.Contains("Broker 3 advertises 127.0.0.1:1, which cannot be used from here. 127.0.0.1:1 refused", step.Result);
        Assert.Contains("advertised.listeners", step.Advice);
        Assert.Equal(ProbeState.Passed, report.Steps.Single(step => step.Name == "topic").State);
    }

    [Fact]
    public async Task EmbeddedKafka_AnswersSome_IsNeverFailedForTheRest()
    {
        using var kafka = new MockKafka(brokers: 2);
        kafka.CreateTopic("there");
        var report = await RunAsync(Plain(kafka.Bootstrap), new KafkaProbeTarget { Topics = ["there", "new"], AutoCreate = new TopicCreation() });

        Assert.True(report.Passed, Text(report));
        Assert.Equal(ProbeState.Passed, report.Steps.Single(step => step.Name == "listeners").State);
        Assert.Contains("new does not exist and will be created", report.Steps.Single(step => step.Name == "topic").Result);
        Assert.Contains(report.Steps, step => step is { State: ProbeState.Warning, Code: "not-offered" });
    }

    [Fact]
    public async Task Servers_OneOfTwoIsGone_IsAWarning()
    {
        using var kafka = new MockKafka();
        var report = await RunAsync(Plain($"127.0.0.1:1,nowhere.invalid:9092,{kafka.Bootstrap}"), new KafkaProbeTarget());

        Assert.True(report.Passed, Text(report));
        Assert.Equal(ProbeState.Warning, report.Steps.Single(step => step.Name == "resolve").State);
        Assert.Equal((ProbeState.Warning, "refused-port"), (report.Steps[1].State, report.Steps[1].Code));
    }

    [Fact]
    public async Task Cancel_WhileAPortIsSilent_EndsAtOnce()
    {
        await using var port = ScriptedPort.Silent();
        using var cancel = new CancellationTokenSource();
        var watch = new Stopwatch();
        var probe = new KafkaProbe(TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var report in probe.ProbeAsync(Plain(port.Address), new KafkaProbeTarget(), cancel.Token))
            {
                if (report.Steps[3].State == ProbeState.Running)
                {
                    watch.Start();
                    cancel.CancelAfter(TimeSpan.FromMilliseconds(50));
                }
            }
        });
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private static KafkaSpec Plain(string servers) => new() { BootstrapServers = servers };

    private static KafkaSpec Sasl(string servers) =>
        new() { BootstrapServers = servers, Security = KafkaSecurity.SaslPlaintext, UserName = "alice", Password = "wonderland" };

    private KafkaSpec Secure(ScriptedPort port) =>
        new() { BootstrapServers = port.Address, Security = KafkaSecurity.Ssl, CaPem = _certificates.AuthorityPem };

    private static async Task FailsAsync(KafkaSpec kafka, string stage, string? code, string named, bool inAdvice = false)
    {
        var report = await RunAsync(kafka, new KafkaProbeTarget { Topics = ["t"] });
        var text = Text(report);
        var failed = Assert.Single(report.Steps, step => step.State == ProbeState.Failed);

        Assert.True(failed.Name == stage && (code is null || failed.Code == code), text);
        Assert.Contains(named, inAdvice ? failed.Advice : failed.Result);
        Assert.False(string.IsNullOrEmpty(failed.Advice), text);
        Assert.NotNull(failed.Took);
        Assert.All(report.Steps.SkipWhile(step => step.Name != stage).Skip(1), step => Assert.Equal((ProbeState.Skipped, "Not reached."), (step.State, step.Result)));
        Assert.False(report.Passed);
        Assert.Equal(100, report.Percent);
        if (kafka.Password is { } password)
        {
            Assert.DoesNotContain(password, text);
        }
    }

    private static async Task<ProbeReport> RunAsync(KafkaSpec kafka, KafkaProbeTarget target)
    {
        ProbeReport? last = null;
        var percent = 0;
        await foreach (var report in new KafkaProbe(TimeProvider.System).ProbeAsync(kafka, target, TestContext.Current.CancellationToken))
        {
            Assert.NotEqual(true, last?.Finished);
            Assert.Equal(Order, report.Steps.Select(step => step.Name));
            Assert.InRange(report.Percent, percent, 100);
            percent = report.Percent;
            last = report;
        }

        Assert.True(last!.Finished);
        return last;
    }

    private static string Text(ProbeReport report) =>
        string.Join('\n', report.Steps.Select(step => $"{step.Name} {step.State} {step.Code} {step.Took}: {step.Result} > {step.Advice}"));

    /// <summary>A Kafka that offers these mechanisms and says no to every other.</summary>
    private static Func<Stream, CancellationToken, Task> Greet(params string[] mechanisms) => async (stream, token) =>
    {
        var request = new byte[4096];
        await stream.ReadAtLeastAsync(request, 12, cancellationToken: token);
        await AnswerAsync([0, 0, 0, 0, 0, 1, 0, 17, 0, 0, 0, 1]);
        await stream.ReadAtLeastAsync(request, 12, cancellationToken: token);
        var body = new List<byte> { 0, 33, 0, 0, 0, (byte)mechanisms.Length };
        foreach (var mechanism in mechanisms)
        {
            body.AddRange([0, (byte)mechanism.Length, .. Encoding.ASCII.GetBytes(mechanism)]);
        }

        await AnswerAsync([.. body]);

        async Task AnswerAsync(byte[] body)
        {
            var answer = new byte[8 + body.Length];
            BinaryPrimitives.WriteInt32BigEndian(answer, 4 + body.Length);
            request.AsSpan(8, 4).CopyTo(answer.AsSpan(4));
            body.CopyTo(answer, 8);
            await stream.WriteAsync(answer, token);
        }
    };
}
