using System.Globalization;
using Confluent.Kafka.Admin;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Kafka;
using Portal.Engine.Specs;
using Portal.Tests.Engine.Probing.Mqtt;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>A task that signs in to a real Kafka over TLS: every mechanism, and what becomes of it without a right.</summary>
public sealed class SecuredKafkaTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task SaslSsl_EveryMechanismAndRight_DeliversOrSaysWhatIsMissing()
    {
        var users = new KafkaSecurityFixture(_certificates, new Dictionary<string, string> { ["alice"] = "alice-secret" });
        await using var kafka = await ApacheKafka.StartAsync(new KafkaOptions { Security = users });
        await using var mosquitto = await MosquittoBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(mosquitto.Port, "publisher");
        await kafka.CreateTopicAsync("orders", 2);
        using var admin = kafka.Admin();
        KafkaSpec[] ways =
        [
            users.SignIn(kafka, KafkaSaslMechanism.Plain, "alice"),
            users.SignIn(kafka, KafkaSaslMechanism.ScramSha256, "alice"),
            users.SignIn(kafka, KafkaSaslMechanism.ScramSha512, "alice"),
            users.ByCertificate(kafka, "connector"),
        ];
        PipelineSpec Task(KafkaSpec way) => RealEngine.Spec(ProbeRun.At(mosquitto.Port), way, "plant/#", "orders");

        // Without a right: the task says so and needs a person, nothing is lost, and the right alone mends it.
        await using (var engine = new RealEngine())
        {
            await admin.CreateAclsAsync([KafkaSecurityFixture.Allow("User:alice", "orders", AclOperation.Describe)]);
            await engine.RunAsync(Task(ways[1]));
            await publisher.PublishAsync("plant/1", "0");
            await NeedsYouAsync(
                engine,
                "Kafka does not allow the task's user to write to any topic at all. Give the user the rights Write and Describe on the topics of the task "
                + "(before Kafka 2.8 also IdempotentWrite on the cluster).");
            await admin.CreateAclsAsync([KafkaSecurityFixture.Allow("User:alice", "another", AclOperation.Write)]);
            await NeedsYouAsync(
                engine, "Kafka does not allow the task's user to write to the topic 'orders'. Give the user the rights Write and Describe on it.");
            Assert.Equal(0, engine.Books.Delivered + engine.Books.Discarded + engine.Books.DeadLettered);

            await admin.CreateAclsAsync([KafkaSecurityFixture.Allow("User:alice", "orders", AclOperation.Write), KafkaSecurityFixture.Allow("User:CN=connector", "orders", AclOperation.Write)]);
            await engine.StatusAsync(PipelineStatus.Running);
            await Eventually.TrueAsync(() => engine.Books is { Delivered: 1, Open: 0, Unaccounted: 0 }, "it is delivered");
        }

        // Only now: before the news of the rights had spread, the broker might have said no once more.
        for (var number = 1; number <= ways.Length; number++)
        {
            var way = ways[number - 1];
            var report = await ProbeAsync(way);
            Assert.True(report.Passed, string.Join('\n', report.Steps));
            Assert.StartsWith("TLS 1.", report.Step("tls").Result, StringComparison.Ordinal);
            Assert.True(Assert.Single(report.Kafka!.Brokers) is { IsReached: true, CertificateExpiresAt: not null });
            Assert.Equal(
                way.UserName is null ? "This client may write to orders." : "User:alice may write to orders.", report.Step("authorisation").Result);

            await using var engine = new RealEngine();
            await engine.RunAsync(Task(way));
            await publisher.PublishAsync("plant/1", number.ToString(CultureInfo.InvariantCulture));
            await Eventually.TrueAsync(() => engine.Books.Delivered == 1, $"delivered by {way}");
        }

        Assert.Equal(["0", "1", "2", "3", "4"], KafkaReader.Read(kafka.Bootstrap, "orders", 5).Select(record => record.Text()).Order());

        // A wrong password is a matter for a person too.
        foreach (var way in ways[..3])
        {
            var wrong = way with { Password = "guess" };
            Assert.Equal("bad-credentials", (await ProbeAsync(wrong)).Failure().Code);
        }

        var uncertified = (await ProbeAsync(ways[3] with { ClientCertificatePem = null, ClientKeyPem = null })).Failure();
        Assert.Equal(
            ("sign-in", "client-certificate", $"{kafka.CertificateBootstrap} asks for a client certificate, and none is given."),
            (uncertified.Name, uncertified.Code, uncertified.Result));

        await using var locked = new RealEngine();
        await locked.RunAsync(Task(ways[2] with { Password = "guess" }));
        await publisher.PublishAsync("plant/1", "kept");
        await Eventually.TrueAsync(() => locked.Snapshot is { Status: PipelineStatus.Blocked, NeedsYou: true }, "the task needs a person");
        Assert.StartsWith("Kafka does not let the task sign in", locked.Snapshot.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AutoCreate_WhereItIsNotAllowed_IsForeseenAndSaid()
    {
        var users = new KafkaSecurityFixture(_certificates, new Dictionary<string, string> { ["alice"] = "alice-secret" });
        await using var kafka = await ApacheKafka.StartAsync(new KafkaOptions { Security = users });
        await using var mosquitto = await MosquittoBroker.StartAsync();
        await using var publisher = await TestMqttClient.ConnectAsync(mosquitto.Port, "publisher");
        var alice = users.SignIn(kafka, KafkaSaslMechanism.Plain, "alice");
        using var admin = kafka.Admin();
        await admin.CreateAclsAsync([KafkaSecurityFixture.Allow("User:alice", "new", AclOperation.Describe), KafkaSecurityFixture.Allow("User:alice", "new", AclOperation.Write)]);
        var spec = RealEngine.Spec(ProbeRun.At(mosquitto.Port), alice, "plant/#", "new");

        var creation = new TopicCreation { Partitions = 2 };

        var foreseen = (await ProbeAsync(alice, new KafkaProbeTarget { Topics = ["new"], AutoCreate = creation })).Step("topic");
        Assert.Equal((ProbeState.Failed, "cannot-create"), (foreseen.State, foreseen.Code));
        Assert.StartsWith("new does not exist, and Kafka would not create it: ", foreseen.Result, StringComparison.Ordinal);
        Assert.Equal("Give the user of the Kafka instance the right to create topics, or create it yourself.", foreseen.Advice);
        Assert.Equal(0, kafka.PartitionsOf("new"));

        await using var engine = new RealEngine();
        await engine.RunAsync(spec with { Sink = spec.Sink with { AutoCreate = creation } });
        await publisher.PublishAsync("plant/1", "x");
        await Eventually.TrueAsync(() => engine.Snapshot is { Status: PipelineStatus.Blocked, NeedsYou: true }, "the task needs a person");
        Assert.EndsWith("Give the user of the Kafka instance the right to create topics, or create it yourself.", engine.Snapshot.Cause, StringComparison.Ordinal);

        await admin.CreateAclsAsync([KafkaSecurityFixture.Allow("User:alice", "new", AclOperation.Create)]);
        await Eventually.TrueAsync(() => engine.Books.Delivered == 1, "the topic was created and the message delivered");
        Assert.Equal(2, kafka.PartitionsOf("new"));
    }

    private static Task NeedsYouAsync(RealEngine engine, string cause) => Eventually.TrueAsync(
        () => engine.Snapshot is { Status: PipelineStatus.Blocked, NeedsYou: true } snapshot && snapshot.Cause == cause, $"the task needs a person: {cause}");

    private static async Task<ProbeReport> ProbeAsync(KafkaSpec kafka, KafkaProbeTarget? target = null)
    {
        ProbeReport? last = null;
        await foreach (var report in new KafkaProbe(TimeProvider.System).ProbeAsync(kafka, target ?? new KafkaProbeTarget { Topics = ["orders"] }, TestContext.Current.CancellationToken))
        {
            last = report;
        }

        return last!;
    }
}
