using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing.Filling;

/// <summary>What is usual for one kind of Kafka: it fills port, security and mechanism, and says what to know before relying on it.</summary>
/// <param name="Name">As its makers write it.</param>
/// <param name="Caveats">One paragraph.</param>
/// <param name="Port">Of a bootstrap server.</param>
/// <param name="Security">How it is protected.</param>
/// <param name="Mechanism">How to sign in.</param>
/// <param name="UserName">A user name that is the same for everybody, or null.</param>
public sealed record KafkaPreset(
    string Name, string Caveats, int Port, KafkaSecurityProtocol Security, KafkaMechanism Mechanism = KafkaMechanism.Plain, string? UserName = null)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<KafkaPreset> All { get; } =
    [
        new(
            "Amazon MSK",
            "Port 9096 is SASL/SCRAM, the one filled in; 9094 is TLS with client certificates, 9092 plain. Signing in by IAM (9098) is not offered here. "
            + "Users are secrets of the Secrets Manager that are associated with the cluster, and need ACLs for their topics. From outside the VPC the "
            + "cluster must have public access or a route.",
            9096,
            KafkaSecurityProtocol.SaslSsl,
            KafkaMechanism.ScramSha512),
        new(
            "Apache Kafka",
            "The brokers must advertise addresses that this server can reach (advertised.listeners): the test tries every one. For confirmed records that outlive "
            + "a broker give topics three replicas and min.insync.replicas 2. A plain listener sends everything in clear.",
            9092,
            KafkaSecurityProtocol.Plaintext),
        new(
            "Azure Event Hubs",
            "The password is the connection string of the namespace or of one event hub; the user name is always $ConnectionString. It needs the tier Standard or "
            + "above. Topics are event hubs: create them there. Replication is Azure's matter, so the test cannot show it, and records have at most 1 MB "
            + "in most tiers.",
            9093,
            KafkaSecurityProtocol.SaslSsl,
            KafkaMechanism.Plain,
            "$ConnectionString"),
        new(
            "CKafka",
            "Use the access point of the network that this server is in, and the port shown beside it. The SASL user name is the id of the instance, a # and the user: "
            + "ckafka-xxxxxxxx#user. Create users, their rights on topics, and the topics themselves in the console of the instance.",
            50001,
            KafkaSecurityProtocol.SaslPlaintext),
        new(
            "Confluent Cloud",
            "User name and password are an API key of the cluster and its secret. The key's account needs WRITE and DESCRIBE on the topics. Topics have three replicas, "
            + "and most cluster types limit a record to 8 MB or less: the test shows the limit of a topic.",
            9092,
            KafkaSecurityProtocol.SaslSsl),
        new(
            "Redpanda",
            "Redpanda Cloud has TLS and SCRAM, as filled in; one that you run yourself may be plain. Users need ACLs to write and describe their topics. It creates "
            + "missing topics only when its cluster setting auto_create_topics_enabled is on, or the task does it.",
            9092,
            KafkaSecurityProtocol.SaslSsl,
            KafkaMechanism.ScramSha256),
    ];

    /// <summary>The draft with what is usual; hosts that were typed stay, with the usual port where they have none.</summary>
    public KafkaInstanceDraft Fill(KafkaInstanceDraft draft) => draft with
    {
        BootstrapServers = string.Join(", ", draft.BootstrapServers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(WithPort)),
        Security = Security,
        Mechanism = Mechanism,
        UserName = UserName ?? draft.UserName,
    };

    private string WithPort(string server) => server.LastIndexOf(':') > server.LastIndexOf(']') ? server : $"{server}:{Port}";
}
