using Portal.Client.Components.Review;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>What differs between two drafts of a cluster or an instance, for people, and whether tasks feel it.</summary>
public static class ClusterDiff
{
    /// <summary>The differences between two drafts of an MQTT cluster.</summary>
    public static IReadOnlyList<DiffLine> Lines(MqttClusterDraft before, MqttClusterDraft after, bool hasClientKey) =>
    [
        .. DiffLine.Between(
            ("name", before.Name, after.Name),
            ("description", before.Description, after.Description),
            ("region", before.Region, after.Region),
            ("kind", before.Kind.ToString(), after.Kind.ToString()),
            ("protocol", Version(before.Version), Version(after.Version)),
            ("endpoints", string.Join(", ", before.Endpoints), string.Join(", ", after.Endpoints)),
            ("server name", before.ServerName, after.ServerName),
            ("lowest TLS version", Tls(before.MinimumTls), Tls(after.MinimumTls)),
            Pem("authorities", before.CaPem, after.CaPem),
            Pem("client certificate", before.ClientCertificatePem, after.ClientCertificatePem)),
        .. Secret("client key", after.ClientKey, hasClientKey),
    ];

    /// <summary>The differences between two drafts of a Kafka instance.</summary>
    public static IReadOnlyList<DiffLine> Lines(KafkaInstanceDraft before, KafkaInstanceDraft after, bool hasPassword, bool hasClientKey) =>
    [
        .. DiffLine.Between(
            ("name", before.Name, after.Name),
            ("description", before.Description, after.Description),
            ("region", before.Region, after.Region),
            ("bootstrap servers", before.BootstrapServers, after.BootstrapServers),
            ("security", Security(before.Security), Security(after.Security)),
            ("mechanism", Mechanism(before.Mechanism), Mechanism(after.Mechanism)),
            ("user", before.UserName, after.UserName),
            Pem("authorities", before.CaPem, after.CaPem),
            Pem("client certificate", before.ClientCertificatePem, after.ClientCertificatePem)),
        .. Secret("password", after.Password, hasPassword),
        .. Secret("client key", after.ClientKey, hasClientKey),
    ];

    /// <summary>What changed from one stored MQTT cluster to the next; of secrets only whether they came or went can be told.</summary>
    public static IReadOnlyList<DiffLine> Lines(MqttClusterView before, MqttClusterView after) =>
        [.. Lines(ClusterDrafts.Of(before), ClusterDrafts.Of(after), hasClientKey: false), .. Stored("client key", before.HasClientKey, after.HasClientKey)];

    /// <summary>The same of a Kafka instance.</summary>
    public static IReadOnlyList<DiffLine> Lines(KafkaInstanceView before, KafkaInstanceView after) =>
    [
        .. Lines(ClusterDrafts.Of(before), ClusterDrafts.Of(after), hasPassword: false, hasClientKey: false),
        .. Stored("password", before.HasPassword, after.HasPassword),
        .. Stored("client key", before.HasClientKey, after.HasClientKey),
    ];

    /// <summary>Whether tasks have to restart for it: words about a cluster are not what they connect with.</summary>
    public static bool TouchesTasks(IReadOnlyList<DiffLine> lines) =>
        lines.Any(line => line.Name is not ("name" or "description" or "region" or "kind"));

    /// <summary>The protocol version in words.</summary>
    public static string Version(MqttVersion version) => version == MqttVersion.V5 ? "MQTT 5" : "MQTT 3.1.1";

    /// <summary>The TLS version in words.</summary>
    public static string Tls(MinimumTls version) => version == MinimumTls.Tls13 ? "TLS 1.3" : "TLS 1.2";

    /// <summary>As Kafka writes it.</summary>
    public static string Security(KafkaSecurityProtocol security) => security switch
    {
        KafkaSecurityProtocol.Ssl => "SSL",
        KafkaSecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        KafkaSecurityProtocol.SaslSsl => "SASL_SSL",
        _ => "PLAINTEXT",
    };

    /// <summary>As Kafka writes it.</summary>
    public static string Mechanism(KafkaMechanism mechanism) => mechanism switch
    {
        KafkaMechanism.ScramSha256 => "SCRAM-SHA-256",
        KafkaMechanism.ScramSha512 => "SCRAM-SHA-512",
        _ => "PLAIN",
    };

    // A certificate fills a screen; that it is another one is what matters. Equal ones give equal words and so no line.
    private static (string Name, string? Before, string? After) Pem(string name, string? before, string? after)
    {
        var other = before != after;
        return (name, Word(before, other ? "a certificate (before)" : ""), Word(after, other ? "a certificate (new)" : ""));

        static string? Word(string? pem, string word) => string.IsNullOrWhiteSpace(pem) ? null : word;
    }

    private static IEnumerable<DiffLine> Stored(string name, bool before, bool after) =>
        before == after ? [] : [DiffLine.Secret(name, before, removed: before)];

    private static IEnumerable<DiffLine> Secret(string name, SecretChange change, bool stored) =>
        change.Kind == SecretChangeKind.Keep ? [] : [DiffLine.Secret(name, stored, change.Kind == SecretChangeKind.Remove)];
}
