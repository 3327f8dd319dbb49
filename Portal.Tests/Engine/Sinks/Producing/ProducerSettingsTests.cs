using Portal.Engine.Sinks.Producing;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Sinks.Producing;

public class ProducerSettingsTests
{
    private static readonly SinkSpec Plain = new() { Kafka = new KafkaSpec { BootstrapServers = "k1:9092,k2:9092" } };

    [Fact]
    public void Of_AnySpec_NeverGivesUpAndNeverCreatesTopicsByAsking()
    {
        var settings = ProducerSettings.Of("task-a", Plain, ProducerSettings.LargestBatch);

        Assert.Equal("true", settings["enable.idempotence"]);
        Assert.Equal("all", settings["acks"]);
        Assert.Equal("0", settings["message.timeout.ms"]);
        Assert.Equal("false", settings["allow.auto.create.topics"]);
        Assert.Equal("5", settings["linger.ms"]);
        Assert.Equal("k1:9092,k2:9092", settings["bootstrap.servers"]);
    }

    [Fact]
    public void Of_SaslSsl_HasMechanismUserAndCertificates()
    {
        var kafka = new KafkaSpec
        {
            BootstrapServers = "k:9093",
            Security = KafkaSecurity.SaslSsl,
            Mechanism = KafkaSaslMechanism.ScramSha512,
            UserName = "u",
            Password = "p",
            CaPem = "ca",
            ClientCertificatePem = "cert",
            ClientKeyPem = "key",
        };

        var settings = ProducerSettings.Of("task-a", Plain with { Kafka = kafka, Compression = KafkaCompression.Zstd, Linger = TimeSpan.FromMicroseconds(500) }, 100);

        Assert.Equal("sasl_ssl", settings["security.protocol"]);
        Assert.Equal("SCRAM-SHA-512", settings["sasl.mechanism"]);
        Assert.Equal(("u", "p"), (settings["sasl.username"], settings["sasl.password"]));
        Assert.Equal(("ca", "cert", "key"), (settings["ssl.ca.pem"], settings["ssl.certificate.pem"], settings["ssl.key.pem"]));
        Assert.Equal(("zstd", "0.5", "100"), (settings["compression.type"], settings["linger.ms"], settings["batch.size"]));
    }

    [Fact]
    public void Of_Plaintext_KeepsSecretsToItself()
    {
        var settings = ProducerSettings.Of("task-a", Plain with { Kafka = Plain.Kafka with { Password = "p", CaPem = "ca" } }, 100);

        Assert.DoesNotContain("sasl.password", settings.Keys);
        Assert.DoesNotContain("ssl.ca.pem", settings.Keys);
    }
}
