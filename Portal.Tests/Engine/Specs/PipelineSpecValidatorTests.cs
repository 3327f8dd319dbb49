using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Specs;

public class PipelineSpecValidatorTests
{
    public static TheoryData<string, string, Func<PipelineSpec, PipelineSpec>> OneThingWrong => new()
    {
        { "Id", "id is needed", spec => spec with { Id = "" } },
        { "Clients", "At least one", spec => spec with { Clients = [] } },
        { "Clients", "from 0", spec => spec with { Clients = [-1] } },
        { "Clients", "only once", spec => spec with { Clients = [0, 1, 0] } },
        { "Filter", "Position 10", spec => spec with { Filter = "region = = 'gz'" } },
        { "Filter", "the end", spec => spec with { Filter = "" } },
        { "Source.Broker.Endpoints", "address", spec => Broker(spec, broker => broker with { Endpoints = [] }) },
        { "Source.Broker.Endpoints[0].Host", "without scheme", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.Tcp, "mqtt://x", 1883)) },
        { "Source.Broker.Endpoints[0].Host", "is needed", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.Tcp, "", 1883)) },
        { "Source.Broker.Endpoints[0].Host", "not a host name", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.Tcp, "a b", 1883)) },
        { "Source.Broker.Endpoints[0].Port", "65535", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.Tcp, "x", 65_536)) },
        { "Source.Broker.Endpoints[0].Port", "this is 0", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.Tcp, "x", 0)) },
        { "Source.Broker.Endpoints[0].Path", "slash", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.WebSocket, "x", 8083, "mqtt")) },
        { "Source.Broker.Tls.CaPem", "PEM", spec => Tls(spec, new TlsSpec { CaPem = "nonsense" }) },
        { "Source.Broker.Tls.ClientKeyPem", "both or none", spec => Tls(spec, new TlsSpec { ClientCertificatePem = Certificate.Pem }) },
        { "Source.Broker.Tls.ClientCertificatePem", "both or none", spec => Tls(spec, new TlsSpec { ClientKeyPem = Certificate.Key }) },
        { "Source.Broker.Tls.ClientKeyPem", "not the private key", spec => Tls(spec, new TlsSpec { ClientCertificatePem = Certificate.Pem, ClientKeyPem = OtherCertificate.Key }) },
        { "Source.Broker.Password", "bytes", spec => Broker(spec, broker => broker with { UserName = "u", Password = new string('x', 65_536) }) },
        { "Source.Broker.UserName", "3.1.1", spec => Broker(spec, broker => broker with { Protocol = MqttProtocol.V311, Password = "p" }) },
        { "Source.Group.Name", "letters, digits", spec => Group(spec, new SharedSubscriptionGroup("task-1", ["a"])) },
        { "Source.Group.Name", "letters, digits", spec => Group(spec, new SharedSubscriptionGroup(new string('a', 65), ["a"])) },
        { "Source.Group.Filters", "At least one", spec => Group(spec, new SharedSubscriptionGroup("g", [])) },
        { "Source.Group.Filters[1]", "whole level", spec => Group(spec, new SharedSubscriptionGroup("g", ["a", "a/b+"])) },
        { "Source.Group.Filters[1]", "already", spec => Group(spec, new SharedSubscriptionGroup("g", ["a", "a"])) },
        { "Source.Group.Filters[0]", "last level", spec => Group(spec, new SharedSubscriptionGroup("g", ["a/#/b"])) },
        { "Source.Group.Filters[0]", "$share", spec => Group(spec, new SharedSubscriptionGroup("g", ["$share/g/a"])) },
        { "Source.Group.Filters[0]", "65535", spec => Group(spec, new SharedSubscriptionGroup("g", [new string('x', 65_530)])) },
        { "Source.Qos", "this is 3", spec => Source(spec, source => source with { Qos = 3 }) },
        { "Source.Window", "65535", spec => Source(spec, source => source with { Window = 0 }) },
        { "Source.KeepAlive", "1 s", spec => Source(spec, source => source with { KeepAlive = TimeSpan.Zero }) },
        { "Source.SessionExpiry", "1 s", spec => Source(spec, source => source with { SessionExpiry = TimeSpan.Zero }) },
        { "Mapping.KeyArgument", "Name the user property", spec => Mapping(spec, mapping => mapping with { Key = KeySource.UserProperty }) },
        { "Mapping.KeyArgument", "begins with $", spec => Mapping(spec, mapping => mapping with { Key = KeySource.PayloadPath, KeyArgument = "a.b" }) },
        { "Mapping.KeyArgument", "Position 3", spec => Mapping(spec, mapping => mapping with { Key = KeySource.Template, KeyArgument = "x-{nope}" }) },
        { "Mapping.KeyArgument", "Write the template", spec => Mapping(spec, mapping => mapping with { Key = KeySource.Template }) },
        { "Mapping.TimestampPath", "begins with $", spec => Mapping(spec, mapping => mapping with { Timestamp = TimestampSource.PayloadPath }) },
        { "Mapping.HeaderPrefix", "200", spec => Mapping(spec, mapping => mapping with { HeaderPrefix = "a\0" }) },
        { "Mapping.Topics.Text", "is needed", spec => Topics(spec, TopicRule.One("")) },
        { "Mapping.Topics.Text", "position 2", spec => Topics(spec, TopicRule.One("a/b")) },
        { "Mapping.Topics.Text", "249", spec => Topics(spec, TopicRule.One(new string('a', 250))) },
        { "Mapping.Topics.Text", "Position 5", spec => Topics(spec, TopicRule.Template("iot.{top}")) },
        { "Mapping.Topics.Rows", "At least one", spec => Topics(spec, TopicRule.Map()) },
        { "Mapping.Topics.Rows[0].Filter", "last level", spec => Topics(spec, TopicRule.Map(new TopicMapRow("#/a", "t"))) },
        { "Mapping.Topics.Rows[1].Topic", "'..'", spec => Topics(spec, TopicRule.Map(new TopicMapRow("a", "t"), new TopicMapRow("b", ".."))) },
        { "Mapping.Topics.Rows[1].Filter", "never used", spec => Topics(spec, TopicRule.Map(new TopicMapRow("a/#", "t"), new TopicMapRow("a/b", "u"))) },
        { "Mapping.Key", "compacted", spec => Mapping(Creation(spec, new TopicCreation { Cleanup = "compact,delete" }), mapping => mapping with { Key = KeySource.None }) },
        { "Sink.Kafka.BootstrapServers", "At least one", spec => Kafka(spec, kafka => kafka with { BootstrapServers = " , " }) },
        { "Sink.Kafka.BootstrapServers", "'broker' needs a port", spec => Kafka(spec, kafka => kafka with { BootstrapServers = "broker" }) },
        { "Sink.Kafka.BootstrapServers", "brackets", spec => Kafka(spec, kafka => kafka with { BootstrapServers = "::1:9092" }) },
        { "Sink.Kafka.BootstrapServers", "1 to 65535", spec => Kafka(spec, kafka => kafka with { BootstrapServers = "a:1,b:x" }) },
        { "Sink.Kafka.UserName", "SASL", spec => Kafka(spec, kafka => kafka with { Security = KafkaSecurity.SaslPlaintext, Password = "p" }) },
        { "Sink.Kafka.Password", "SASL", spec => Kafka(spec, kafka => kafka with { Security = KafkaSecurity.SaslSsl, UserName = "u" }) },
        { "Sink.Kafka.CaPem", "PEM", spec => Kafka(spec, kafka => kafka with { Security = KafkaSecurity.Ssl, CaPem = "x" }) },
        { "Sink.AutoCreate.Partitions", "this is 0", spec => Creation(spec, new TopicCreation { Partitions = 0 }) },
        { "Sink.AutoCreate.Replicas", "this is 0", spec => Creation(spec, new TopicCreation { Replicas = 0 }) },
        { "Sink.AutoCreate.Retention", "above 0", spec => Creation(spec, new TopicCreation { Retention = TimeSpan.Zero }) },
        { "Sink.AutoCreate.Cleanup", "'shred'", spec => Creation(spec, new TopicCreation { Cleanup = "shred" }) },
        { "Sink.FixedPartition", "this is -1", spec => Sink(spec, sink => sink with { Partitioning = PartitioningRule.Fixed, FixedPartition = -1 }) },
        { "Sink.FixedPartition", "no partition 6", spec => Sink(Creation(spec, new TopicCreation()), sink => sink with { Partitioning = PartitioningRule.Fixed, FixedPartition = 6 }) },
        { "Sink.Linger", "60 s", spec => Sink(spec, sink => sink with { Linger = TimeSpan.FromHours(1) }) },
        { "Sink.MaxMessageBytes", "this is 10", spec => Sink(spec, sink => sink with { MaxMessageBytes = 10 }) },
        { "Delivery.DeadLetterTopic", "Name the Kafka topic", spec => Delivery(spec, delivery => delivery with { DeadLetterTopic = null }) },
        { "Delivery.DeadLetterTopic", "position 5", spec => Delivery(spec, delivery => delivery with { DeadLetterTopic = "dead letters" }) },
        { "Delivery.DeadLetterTopic", "another topic", spec => Delivery(spec, delivery => delivery with { DeadLetterTopic = "target" }) },
        { "Delivery.RetryAttempts", "this is -1", spec => Delivery(spec, delivery => delivery with { RetryAttempts = -1 }) },
        { "Delivery.RetryInterval", "1 h", spec => Delivery(spec, delivery => delivery with { RetryInterval = TimeSpan.FromHours(2) }) },
        { "Delivery.DrainQuiet", "1 h", spec => Delivery(spec, delivery => delivery with { DrainQuiet = -TimeSpan.FromSeconds(1) }) },
        { "Delivery.Qos0Wait", "1 h", spec => Delivery(spec, delivery => delivery with { Qos0Wait = TimeSpan.FromHours(2) }) },
    };

    public static TheoryData<string, Func<PipelineSpec, PipelineSpec>> NothingWrong => new()
    {
        { "as it is", spec => spec },
        { "filter", spec => spec with { Filter = "WHERE region = 'gz' AND payload.temp > 30" } },
        { "discard", spec => Delivery(spec, delivery => delivery with { OnFailure = FailureAction.Discard, DeadLetterTopic = null }) },
        { "waiting for ever", spec => Delivery(spec, delivery => delivery with { Qos0Wait = Timeout.InfiniteTimeSpan }) },
        { "clean session", spec => Source(spec, source => source with { CleanSession = true, SessionExpiry = TimeSpan.Zero }) },
        { "addresses", spec => Kafka(spec, kafka => kafka with { BootstrapServers = "kafka_1:9092, [::1]:9092,10.0.0.1:65535" }) },
        { "ipv6", spec => Endpoint(spec, new MqttEndpoint(MqttTransport.Tcp, "::1", 1883)) },
        { "certificates", spec => Tls(spec, new TlsSpec { CaPem = $"{Certificate.Pem}\n{OtherCertificate.Pem}", ClientCertificatePem = Certificate.Pem, ClientKeyPem = Certificate.Key }) },
        { "map", spec => Topics(spec, TopicRule.Map(new TopicMapRow("a/b", "t"), new TopicMapRow("a/#", "u"))) },
        { "template", spec => Topics(spec, TopicRule.Template("iot.{topic}")) },
        { "creation", spec => Creation(spec, new TopicCreation { Retention = TimeSpan.FromDays(7), Cleanup = "compact,delete", Replicas = 3 }) },
    };

    private static (string Pem, string Key) Certificate { get; } = SelfSigned("CN=one");

    private static (string Pem, string Key) OtherCertificate { get; } = SelfSigned("CN=other");

    [Theory]
    [MemberData(nameof(OneThingWrong))]
    public void Validate_OneThingWrong_NamesThatFieldAndSaysWhy(string field, string named, Func<PipelineSpec, PipelineSpec> change)
    {
        var error = Assert.Single(PipelineSpecValidator.Validate(change(Spec)));

        Assert.Equal(field, error.Field);
        Assert.Contains(named, error.Text);
    }

    [Theory]
    [MemberData(nameof(NothingWrong))]
    public void Validate_NothingWrong_SaysNothing(string name, Func<PipelineSpec, PipelineSpec> change)
    {
        Assert.NotEmpty(name);
        Assert.Empty(PipelineSpecValidator.Validate(change(Spec)));
    }

    [Fact]
    public void Validate_ManyThingsWrong_SaysAllAtOnce()
    {
        var spec = Topics(Source(Spec, source => source with { Qos = 7, Window = 70_000 }), TopicRule.One("a b")) with { Filter = "oops" };

        Assert.Equal(
            ["Filter", "Mapping.Topics.Text", "Source.Qos", "Source.Window"],
            PipelineSpecValidator.Validate(spec).Select(error => error.Field).Order());
    }

    [Fact]
    public void Validate_PartsAlone_NameTheirOwnFields()
    {
        Assert.Equal("Endpoints", Assert.Single(PipelineSpecValidator.Validate(new MqttBrokerSpec { Endpoints = [] })).Field);
        Assert.Equal("BootstrapServers", Assert.Single(PipelineSpecValidator.Validate(new KafkaSpec { BootstrapServers = "" })).Field);
    }

    private static PipelineSpec Spec { get; } = new()
    {
        Id = "task-y8k3m2ab",
        Clients = [0, 1],
        Source = new SourceSpec
        {
            Broker = new MqttBrokerSpec { Endpoints = [new MqttEndpoint(MqttTransport.Tcp, "broker", 1883)] },
            Group = new SharedSubscriptionGroup("task_y8k3m2ab", ["plant/#", "office/+/temp"]),
        },
        Mapping = new MappingSpec { Topics = TopicRule.One("target") },
        Sink = new SinkSpec { Kafka = new KafkaSpec { BootstrapServers = "127.0.0.1:9092" } },
        Delivery = new DeliverySpec { DeadLetterTopic = "target.dead" },
    };

    private static PipelineSpec Source(PipelineSpec spec, Func<SourceSpec, SourceSpec> change) => spec with { Source = change(spec.Source) };

    private static PipelineSpec Broker(PipelineSpec spec, Func<MqttBrokerSpec, MqttBrokerSpec> change) =>
        Source(spec, source => source with { Broker = change(source.Broker) });

    private static PipelineSpec Endpoint(PipelineSpec spec, MqttEndpoint endpoint) => Broker(spec, broker => broker with { Endpoints = [endpoint] });

    private static PipelineSpec Tls(PipelineSpec spec, TlsSpec tls) => Broker(spec, broker => broker with { Tls = tls });

    private static PipelineSpec Group(PipelineSpec spec, SharedSubscriptionGroup group) => Source(spec, source => source with { Group = group });

    private static PipelineSpec Mapping(PipelineSpec spec, Func<MappingSpec, MappingSpec> change) => spec with { Mapping = change(spec.Mapping) };

    private static PipelineSpec Topics(PipelineSpec spec, TopicRule topics) => Mapping(spec, mapping => mapping with { Topics = topics });

    private static PipelineSpec Sink(PipelineSpec spec, Func<SinkSpec, SinkSpec> change) => spec with { Sink = change(spec.Sink) };

    private static PipelineSpec Kafka(PipelineSpec spec, Func<KafkaSpec, KafkaSpec> change) => Sink(spec, sink => sink with { Kafka = change(sink.Kafka) });

    private static PipelineSpec Creation(PipelineSpec spec, TopicCreation creation) => Sink(spec, sink => sink with { AutoCreate = creation });

    private static PipelineSpec Delivery(PipelineSpec spec, Func<DeliverySpec, DeliverySpec> change) => spec with { Delivery = change(spec.Delivery) };

    private static (string Pem, string Key) SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
