using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Kafka;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Probing.Kafka;

/// <summary>The preflight against a real Apache Kafka with sign-in and ACLs.</summary>
public class KafkaProbeOnApacheKafkaTests
{
    private const string Login = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"admin-secret\" "
        + "user_admin=\"admin-secret\" user_alice=\"alice-secret\";";

    private static readonly Dictionary<string, string> SignInAndAcls = new()
    {
        ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:SASL_PLAINTEXT",
        ["sasl.enabled.mechanisms"] = "PLAIN",
        ["sasl.mechanism.inter.broker.protocol"] = "PLAIN",
        ["listener.name.plaintext.plain.sasl.jaas.config"] = Login,
        ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        ["super.users"] = "User:admin;User:ANONYMOUS",
        ["auto.create.topics.enable"] = "true",
    };

    [Fact]
    public async Task Probe_EveryKindOfUserAndTopic_IsToldWhatIsSo()
    {
        await using var kafka = await ApacheKafka.StartAsync(SignInAndAcls);
        var admin = new KafkaSpec
        {
            BootstrapServers = kafka.Bootstrap,
            Security = KafkaSecurity.SaslPlaintext,
            UserName = "admin",
            Password = "admin-secret",
        };
        var alice = admin with { UserName = "alice", Password = "alice-secret" };
        using var client = new AdminClientBuilder(KafkaClientConfig.Of(admin, "test")).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        await client.CreateTopicsAsync([
            new TopicSpecification { Name = "orders", NumPartitions = 2, ReplicationFactor = 1 },
            new TopicSpecification { Name = "strict", NumPartitions = 1, ReplicationFactor = 1, Configs = new() { ["min.insync.replicas"] = "2", ["max.message.bytes"] = "5000" } },
        ]);
        var orders = new KafkaProbeTarget { Topics = ["orders"] };

        await ExpectAsync(admin, orders, "sign-in", ProbeState.Passed, null, "answers: 1 broker.");
        await ExpectAsync(admin, orders, "listeners", ProbeState.Passed, null, $"Broker 1 is reached at {kafka.Bootstrap}.");
        var facts = (await LastAsync(admin, orders)).Kafka!;
        Assert.Equal((22, kafka.Bootstrap, true, null), (facts.ClusterId!.Length, $"{facts.Brokers[0].Host}:{facts.Brokers[0].Port}", facts.Brokers[0].IsReached, facts.Brokers[0].CertificateExpiresAt));
        Assert.Equal(1, Assert.Single(facts.Brokers).Id);
        await ExpectAsync(admin, orders, "authorisation", ProbeState.Passed, null, "User:admin may write to orders.");
        await ExpectAsync(admin, orders, "topic", ProbeState.Passed, null, "orders has 2 partitions.");
        await ExpectAsync(admin, orders, "replication", ProbeState.Warning, "one-replica", "orders has 1 replica");
        await ExpectAsync(admin, orders, "size", ProbeState.Passed, null, "orders: up to 1\u202f048\u202f588 bytes");

        await ExpectAsync(admin, orders with { Topics = ["strict"] }, "replication", ProbeState.Warning, "min-isr", "asks for 2");
        await ExpectAsync(admin, orders with { Topics = ["strict"] }, "size", ProbeState.Warning, "too-small", "at most 5\u202f000 bytes");
        await ExpectAsync(admin, orders with { Topics = ["gone"] }, "topic", ProbeState.Failed, "topic-missing", "gone does not exist");
        var creating = new KafkaProbeTarget { Topics = ["gone"], AutoCreate = new TopicCreation { Replicas = 3 } };
        await ExpectAsync(admin, creating, "authorisation", ProbeState.Passed, null, "User:admin may create topics.");
        await ExpectAsync(admin, creating, "topic", ProbeState.Failed, "cannot-create", "gone does not exist, and Kafka would not create it: ");
        var modest = creating with { AutoCreate = new TopicCreation { Replicas = 1 } };
        await ExpectAsync(admin, modest, "topic", ProbeState.Passed, null, "will be created with 6 partitions at the first record.");
        await ExpectAsync(admin, creating, "replication", ProbeState.Failed, "too-few-brokers", "3 replicas");

        await ExpectAsync(alice, orders, "authorisation", ProbeState.Failed, "not-authorised", "User:alice may not write to orders");
        await client.CreateAclsAsync([Allow("alice", "orders", AclOperation.Describe)]);
        await Eventually.TrueAsync(
            async () => (await StepAsync(alice, orders, "topic")).Result!.Contains("2 partitions", StringComparison.Ordinal), "alice may describe orders");
        await ExpectAsync(alice, orders, "authorisation", ProbeState.Failed, "not-authorised", "User:alice may not write to orders");
        await client.CreateAclsAsync([Allow("alice", "orders", AclOperation.Write)]);
        await Eventually.TrueAsync(async () => (await StepAsync(alice, orders, "authorisation")).State == ProbeState.Passed, "alice may write to orders");
        await ExpectAsync(alice, orders, "size", ProbeState.Warning, "not-offered", "not shown to this user");
        await ExpectAsync(alice, new KafkaProbeTarget { AutoCreate = new TopicCreation() }, "authorisation", ProbeState.Warning, "may-not-create", "User:alice may not create");

        await ExpectAsync(alice with { Password = "guess" }, orders, "sign-in", ProbeState.Failed, "bad-credentials", "refused the user alice (SASL_AUTHENTICATION_FAILED): Authentication failed");
        await ExpectAsync(alice with { Mechanism = KafkaSaslMechanism.ScramSha512 }, orders, "sign-in", ProbeState.Failed, "mechanism", "It offers: PLAIN.");
        await ExpectAsync(admin with { Security = KafkaSecurity.Plaintext }, orders, "sign-in", ProbeState.Failed, "sign-in-needed", "It offers: PLAIN.");
        await ExpectAsync(admin with { Security = KafkaSecurity.SaslSsl }, orders, "tls", ProbeState.Failed, "plain-port", "speaks plain Kafka");

        // Nothing was left behind: no topic made, no record written.
        Assert.Equal(["orders", "strict"], client.GetMetadata(TimeSpan.FromSeconds(20)).Topics.Select(topic => topic.Topic).Where(topic => !topic.StartsWith('_')).Order());
        var ends = await client.ListOffsetsAsync([.. Enumerable.Range(0, 2).Select(partition => new TopicPartitionOffsetSpec
        {
            TopicPartition = new TopicPartition("orders", partition),
            OffsetSpec = OffsetSpec.Latest(),
        })]);
        Assert.All(ends.ResultInfos, end => Assert.Equal(0, end.TopicPartitionOffsetError.Offset.Value));
    }

    private static async Task ExpectAsync(KafkaSpec kafka, KafkaProbeTarget target, string name, ProbeState state, string? code, string named)
    {
        var step = await StepAsync(kafka, target, name);
        Assert.True(step.State == state && step.Code == code, $"{step}");
        Assert.Contains(named, step.Result);
        Assert.DoesNotContain(kafka.Password!, $"{step}");
    }

    private static async Task<ProbeStep> StepAsync(KafkaSpec kafka, KafkaProbeTarget target, string name) =>
        (await LastAsync(kafka, target)).Steps.Single(step => step.Name == name);

    private static async Task<ProbeReport> LastAsync(KafkaSpec kafka, KafkaProbeTarget target)
    {
        ProbeReport? last = null;
        await foreach (var report in new KafkaProbe(TimeProvider.System).ProbeAsync(kafka, target, TestContext.Current.CancellationToken))
        {
            last = report;
        }

        return last!;
    }

    private static AclBinding Allow(string user, string topic, AclOperation operation) => new()
    {
        Pattern = new ResourcePattern { Type = ResourceType.Topic, Name = topic, ResourcePatternType = ResourcePatternType.Literal },
        Entry = new AccessControlEntry { Principal = $"User:{user}", Host = "*", Operation = operation, PermissionType = AclPermissionType.Allow },
    };
}
