using Portal.Engine.Probing;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Probing.Faults;

/// <summary>What can be wrong with a Kafka.</summary>
internal static class KafkaFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "no port",
            rig => rig.Kafka(with: kafka => kafka with { BootstrapServers = "kafka" }),
            "resolve",
            "invalid-settings",
            "'kafka' needs a port, as in broker-1:9092; an IPv6 address stands in brackets.",
            "Correct the settings of the Kafka instance."),
        new(
            "the host name has an empty label",
            rig => rig.Closed().Named("kafka..invalid").Kafka(),
            "resolve",
            "invalid-settings",
            "'kafka..invalid' is not a host name or an IP address.",
            "Correct the settings of the Kafka instance."),
        new(
            "nothing listens",
            rig => rig.Closed().Kafka(),
            "port",
            "refused-port",
            "{at} refused the connection: nothing listens there.",
            "Check the port, and whether the server is running and listens on this address."),
        new(
            "packets are dropped",
            rig => rig.Dropping().Kafka(),
            "port",
            "no-answer",
            "{at} did not answer in 3 s.",
            "A firewall probably drops packets on the way, or the machine is off. Check address, port and the rules between here and there.") { IsSilent = true },
        new(
            "one of two servers is gone",
            rig => rig.MockKafka(topics: ["t"]).Kafka(with: kafka => kafka with { BootstrapServers = $"{rig.At},127.0.0.1:1" }),
            "port",
            "refused-port",
            "{at} takes connections.\n127.0.0.1:1 refused the connection: nothing listens there.",
            "Check the port, and whether the server is running and listens on this address.") { State = ProbeState.Warning },
        new(
            "the port is silent",
            rig => rig.Silent().Kafka(),
            "sign-in",
            "no-answer",
            "{at} took the connection, but did not answer a Kafka request in 3 s.",
            "Check whether this is a Kafka port, and whether the broker behind it is alive.") { IsSilent = true },
        new(
            "a web server",
            rig => rig.Answering("HTTP/1.1 400 Bad Request\r\n\r\n").Kafka(),
            "sign-in",
            "not-kafka",
            "{at} answered, but not as Kafka does.",
            "Check host and port: something else listens there."),
        new(
            "the port closes",
            rig => rig.Closing().Kafka(),
            "sign-in",
            "not-kafka",
            "{at} closed the connection at the first request of Kafka's protocol.",
            "Check host and port: something else listens there."),
        new(
            "PLAINTEXT to a TLS port",
            rig => rig.Secure().Kafka(),
            "sign-in",
            "tls-port",
            "{at} speaks TLS.",
            "Choose SSL or SASL_SSL, or give the port of a listener without TLS."),
        new(
            "SSL to a plain Kafka",
            rig => rig.MockKafka().Kafka(KafkaSecurity.Ssl),
            "tls",
            "plain-port",
            "{at} speaks plain Kafka, not TLS.",
            "Choose PLAINTEXT or SASL_PLAINTEXT, or give the port of a TLS listener."),
        new(
            "SSL to a silent port",
            rig => rig.Silent().Kafka(KafkaSecurity.Ssl),
            "tls",
            "no-answer",
            "{at} took the connection, but did not answer the TLS greeting in 3 s.",
            "Check whether this port speaks TLS, and whether the server behind it is alive.") { IsSilent = true },
        new(
            "SSL: another authority",
            rig => rig.Secure(rig.Stranger.Issue("127.0.0.1")).Kafka(KafkaSecurity.Ssl),
            "tls",
            "unknown-ca",
            "The certificate is signed by 'Other Root', which is not the given CA. SHA-256 of the certificate shown: FINGERPRINT.",
            "Under Certificates, Authorities to trust, give the certificate (PEM) of the authority that signed the server's."),
        new(
            "SSL: a certificate for another name",
            rig => rig.Secure(rig.Root.Issue("kafka.acme.lan")).Kafka(KafkaSecurity.Ssl),
            "tls",
            "certificate-name",
            "The certificate is for kafka.acme.lan, not for 127.0.0.1.",
            "Use a host name that the certificate names, or give the server a certificate for this one."),
        new(
            "SSL: expired",
            rig => rig.Secure(rig.Root.Issue("127.0.0.1", Day(-30), Day(-2))).Kafka(KafkaSecurity.Ssl),
            "tls",
            "certificate-expired",
            "The certificate expired on {2 days ago}.",
            "Renew the server's certificate."),
        new(
            "SSL: closes after the handshake",
            rig => rig.Secure(then: (_, _) => Task.CompletedTask).Kafka(KafkaSecurity.Ssl),
            "sign-in",
            "closed-after-tls",
            "{at} closed the connection after the TLS handshake.",
            "It may demand a client certificate: give one with its key. Otherwise something else than Kafka listens there."),
        new(
            "another mechanism",
            rig => rig.KafkaOffering("SCRAM-SHA-512", "OAUTHBEARER").Kafka(KafkaSecurity.SaslPlaintext),
            "sign-in",
            "mechanism",
            "{at} does not offer PLAIN (UNSUPPORTED_SASL_MECHANISM). It offers: SCRAM-SHA-512, OAUTHBEARER.",
            "Choose one of those."),
        new(
            "sign-in wanted, none given",
            rig => rig.KafkaOffering("PLAIN").Kafka(),
            "sign-in",
            "sign-in-needed",
            "{at} asks for a sign-in by SASL. It offers: PLAIN.",
            "Choose SASL_PLAINTEXT with one of those, a user name and a password."),
        new(
            "sign-in given, none wanted",
            rig => rig.MockKafka().Kafka(KafkaSecurity.SaslPlaintext),
            "sign-in",
            "no-sign-in",
            "{at} offers no sign-in by SASL: it lets everybody in.",
            "Choose PLAINTEXT or SSL, or give the port of a SASL listener."),
        new(
            "a listener that is advertised out of reach",
            rig => rig.MockKafka(2, kafka => kafka.Advertise(2, "127.0.0.1", 1), ["t"]).Kafka(),
            "listeners",
            "listener",
            "Broker 1 is reached at {at}.\nBroker 2 advertises 127.0.0.1:1, which cannot be used from here. 127.0.0.1:1 refused the connection: nothing listens there.",
            "Set advertised.listeners of the broker to an address that this machine can reach, or make the name and the route known here."),
        new(
            "a listener whose certificate has another name",
            rig => rig.SecureKafka(rig.Root.Issue("kafka-2.acme.lan")).Kafka(KafkaSecurity.Ssl),
            "listeners",
            "listener",
            "Broker 1 is reached at {at}.\nBroker 2 advertises 127.0.0.1:{other port}, which cannot be used from here. The certificate is for kafka-2.acme.lan, not for 127.0.0.1.",
            "Set advertised.listeners of broker 2 to a name that its certificate has, or give it a certificate for 127.0.0.1."),
        new(
            "a listener whose certificate is of another authority",
            rig => rig.SecureKafka(rig.Stranger.Issue("127.0.0.1")).Kafka(KafkaSecurity.Ssl),
            "listeners",
            "listener",
            "Broker 1 is reached at {at}.\nBroker 2 advertises 127.0.0.1:{other port}, which cannot be used from here. "
            + "The certificate is signed by 'Other Root', which is not the given CA. SHA-256 of the certificate shown: FINGERPRINT.",
            "Under Certificates, Authorities to trust, give the certificate (PEM) of the authority that signed the server's."),
        new(
            "a listener whose certificate expired",
            rig => rig.SecureKafka(rig.Root.Issue("127.0.0.1", Day(-30), Day(-2))).Kafka(KafkaSecurity.Ssl),
            "listeners",
            "listener",
            "Broker 1 is reached at {at}.\nBroker 2 advertises 127.0.0.1:{other port}, which cannot be used from here. The certificate expired on {2 days ago}.",
            "Renew the server's certificate."),
        new(
            "the topic is missing",
            rig => rig.MockKafka(topics: ["other"]).Kafka(),
            "topic",
            "topic-missing",
            "t does not exist, and creating it is switched off.",
            "Create the topic, or let this task create what is missing."),
        new(
            "rights are not told",
            rig => rig.MockKafka(topics: ["t"]).Kafka(),
            "authorisation",
            "not-offered",
            "What this client may do is not offered here.",
            "If writing is refused later, look at the rights that the cluster gives.") { State = ProbeState.Warning },
    ];

    private static DateTimeOffset Day(int days) => DateTimeOffset.UtcNow.AddDays(days);
}
