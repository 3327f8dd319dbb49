using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Connections.Probing;

/// <summary>
/// Compiles what the engine needs to reach a broker or a Kafka out of the stored rows. The only place where a stored secret is revealed for
/// it.
/// </summary>
internal sealed class BrokerSpecs(SecretProtector secrets)
{
    public MqttBrokerSpec Mqtt(MqttCluster cluster, Connection connection) =>
        Mqtt(cluster, connection.UserName, secrets.Reveal(SecretKind.ConnectionPassword, connection.Password));

    /// <summary>With the endpoints that the cluster had once, or those of now.</summary>
    public MqttBrokerSpec Mqtt(MqttCluster cluster, Connection connection, IReadOnlyList<ClusterEndpoint>? endpoints) =>
        endpoints is null ? Mqtt(cluster, connection) : Mqtt(cluster, connection) with { Endpoints = [.. endpoints.Select(Endpoint)] };

    /// <summary>With credentials that are not stored (yet), or none.</summary>
    public MqttBrokerSpec Mqtt(MqttCluster cluster, string? userName, string? password) => new()
    {
        Endpoints = [.. cluster.Endpoints.Select(Endpoint)],
        Protocol = cluster.Version == MqttVersion.V311 ? MqttProtocol.V311 : MqttProtocol.V5,
        Tls = new TlsSpec
        {
            CaPem = cluster.CaPem,
            ClientCertificatePem = cluster.ClientCertificatePem,
            ClientKeyPem = secrets.Reveal(SecretKind.MqttClientKey, cluster.ClientKey),
            ServerName = cluster.ServerName,
            MinimumVersion = cluster.MinimumTls == MinimumTls.Tls13 ? TlsVersion.Tls13 : TlsVersion.Tls12,
        },
        UserName = string.IsNullOrEmpty(userName) ? null : userName,
        Password = string.IsNullOrEmpty(password) ? null : password,
    };

    public KafkaSpec Kafka(KafkaInstance instance) => new()
    {
        BootstrapServers = instance.BootstrapServers,
        Security = instance.Security switch
        {
            KafkaSecurityProtocol.Ssl => KafkaSecurity.Ssl,
            KafkaSecurityProtocol.SaslPlaintext => KafkaSecurity.SaslPlaintext,
            KafkaSecurityProtocol.SaslSsl => KafkaSecurity.SaslSsl,
            _ => KafkaSecurity.Plaintext,
        },
        Mechanism = instance.Mechanism switch
        {
            KafkaMechanism.ScramSha256 => KafkaSaslMechanism.ScramSha256,
            KafkaMechanism.ScramSha512 => KafkaSaslMechanism.ScramSha512,
            _ => KafkaSaslMechanism.Plain,
        },
        UserName = instance.UserName,
        Password = secrets.Reveal(SecretKind.KafkaPassword, instance.Password),
        CaPem = instance.CaPem,
        ClientCertificatePem = instance.ClientCertificatePem,
        ClientKeyPem = secrets.Reveal(SecretKind.KafkaClientKey, instance.ClientKey),
    };

    private static MqttEndpoint Endpoint(ClusterEndpoint endpoint)
    {
        var transport = endpoint.Transport switch
        {
            EndpointTransport.Tls => MqttTransport.Tls,
            EndpointTransport.Ws => MqttTransport.WebSocket,
            EndpointTransport.Wss => MqttTransport.SecureWebSocket,
            _ => MqttTransport.Tcp,
        };
        return endpoint.Path is { Length: > 0 } path
            ? new MqttEndpoint(transport, endpoint.Host, endpoint.Port, path)
            : new MqttEndpoint(transport, endpoint.Host, endpoint.Port);
    }
}
