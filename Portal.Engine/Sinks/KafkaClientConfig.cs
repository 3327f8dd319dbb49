using Portal.Engine.Specs;

namespace Portal.Engine.Sinks;

/// <summary>Translates a <see cref="KafkaSpec"/> into librdkafka's settings, for producers, consumers, admin clients and probes alike.</summary>
public static class KafkaClientConfig
{
    /// <summary>The settings for connecting and signing in, and no others. They contain secrets: never log them.</summary>
    /// <param name="kafka">The cluster and the credentials.</param>
    /// <param name="clientId">What Kafka shows in its logs and quotas.</param>
    public static Dictionary<string, string> Of(KafkaSpec kafka, string clientId)
    {
        var config = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = kafka.BootstrapServers,
            ["client.id"] = clientId,
            ["security.protocol"] = kafka.Security switch
            {
                KafkaSecurity.Ssl => "ssl",
                KafkaSecurity.SaslPlaintext => "sasl_plaintext",
                KafkaSecurity.SaslSsl => "sasl_ssl",
                _ => "plaintext",
            },
            ["socket.keepalive.enable"] = "true",
            // Half of the default: after an outage Kafka is found again within seconds, and a cluster of thousands of tasks is not stormed.
            ["reconnect.backoff.max.ms"] = "5000",
            // Idle connections are closed by brokers as a matter of course; that is not news.
            ["log.connection.close"] = "false",
            ["enable.metrics.push"] = "false",
        };
        if (kafka.Security is KafkaSecurity.SaslPlaintext or KafkaSecurity.SaslSsl)
        {
            config["sasl.mechanism"] = kafka.Mechanism switch
            {
                KafkaSaslMechanism.ScramSha256 => "SCRAM-SHA-256",
                KafkaSaslMechanism.ScramSha512 => "SCRAM-SHA-512",
                _ => "PLAIN",
            };
            AddIfPresent(config, "sasl.username", kafka.UserName);
            AddIfPresent(config, "sasl.password", kafka.Password);
        }

        if (kafka.Security is KafkaSecurity.Ssl or KafkaSecurity.SaslSsl)
        {
            AddIfPresent(config, "ssl.ca.pem", kafka.CaPem);
            AddIfPresent(config, "ssl.certificate.pem", kafka.ClientCertificatePem);
            AddIfPresent(config, "ssl.key.pem", kafka.ClientKeyPem);
        }

        return config;
    }

    private static void AddIfPresent(Dictionary<string, string> config, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            config[name] = value;
        }
    }
}
