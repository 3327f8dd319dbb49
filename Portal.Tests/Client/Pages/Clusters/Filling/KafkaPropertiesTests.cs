using Portal.Client.Contracts;
using Portal.Client.Pages.Clusters.Editing.Filling;

namespace Portal.Tests.Client.Pages.Clusters.Filling;

public class KafkaPropertiesTests
{
    private static readonly KafkaInstanceDraft Empty = new() { Name = "kept" };

    [Fact]
    public void Read_JavaClient_FillsEverything()
    {
        var pasted = KafkaProperties.Read(
            """
            # from the cloud's page
            bootstrap.servers=a.example:9092,b.example:9092
            security.protocol = SASL_SSL
            sasl.mechanism=SCRAM-SHA-512
            sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \
                username="alice" \
                password="a \"b\" = c";
            acks=all
            """,
            Empty);

        Assert.Empty(pasted.Notes);
        Assert.Equal(
            Empty with
            {
                BootstrapServers = "a.example:9092,b.example:9092",
                Security = KafkaSecurityProtocol.SaslSsl,
                Mechanism = KafkaMechanism.ScramSha512,
                UserName = "alice",
                Password = SecretChange.Replace("a \"b\" = c"),
            },
            pasted.Draft);
    }

    [Fact]
    public void Read_Librdkafka_FillsTheSame()
    {
        var pasted = KafkaProperties.Read("metadata.broker.list=k:1\r\nsecurity.protocol=sasl_plaintext\r\nsasl.mechanisms=PLAIN\r\nsasl.username=u\r\nsasl.password=p=1\r\n", Empty);

        Assert.Equal(
            Empty with { BootstrapServers = "k:1", Security = KafkaSecurityProtocol.SaslPlaintext, UserName = "u", Password = SecretChange.Replace("p=1") }, pasted.Draft);
    }

    [Fact]
    public void Read_ListOfServers_FillsThem() =>
        Assert.Equal("a:9092, b:9093", KafkaProperties.Read(" a:9092, b:9093 ", Empty).Draft!.BootstrapServers);

    [Theory]
    [InlineData("security.protocol=SSL\nssl.truststore.location=/x.jks", "The trust store stays where it is: paste its authorities as PEM below.")]
    [InlineData("security.protocol=SSL\nssl.keystore.location=/x.jks", "The key store stays where it is: paste client certificate and key as PEM below.")]
    [InlineData("sasl.mechanism=GSSAPI", "The mechanism GSSAPI is not offered here: PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are.")]
    [InlineData("security.protocol=TLS", "security.protocol TLS is not known.")]
    [InlineData("ssl.endpoint.identification.algorithm=", "The brokers' names are checked all the same: give them a certificate for the names that you connect to.")]
    public void Read_WhatCannotBeTakenOver_IsSaid(string text, string note) => Assert.Equal([note], KafkaProperties.Read(text, Empty).Notes);

    [Theory]
    [InlineData("hello", "Paste lines such as bootstrap.servers=kafka-1:9092, or a list host:port, host:port.")]
    [InlineData("acks=all", "None of these settings says where Kafka is or how to sign in.")]
    public void Read_Nonsense_FillsNothing(string text, string note)
    {
        var pasted = KafkaProperties.Read(text, Empty);

        Assert.Null(pasted.Draft);
        Assert.Equal([note], pasted.Notes);
    }
}
