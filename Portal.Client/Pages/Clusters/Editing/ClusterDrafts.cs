using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>What a stored cluster or instance looks like in its form; secrets are left alone until somebody touches them.</summary>
public static class ClusterDrafts
{
    /// <summary>The form of a stored MQTT cluster.</summary>
    public static MqttClusterDraft Of(MqttClusterView view) => new()
    {
        Name = view.Name,
        Region = view.Region,
        Kind = view.Kind,
        Version = view.Version,
        Endpoints = view.Endpoints,
        CaPem = view.CaPem,
        ClientCertificatePem = view.ClientCertificatePem,
        ServerName = view.ServerName,
        MinimumTls = view.MinimumTls,
        Description = view.Description,
    };

    /// <summary>The form of a stored Kafka instance.</summary>
    public static KafkaInstanceDraft Of(KafkaInstanceView view) => new()
    {
        Name = view.Name,
        Region = view.Region,
        BootstrapServers = view.BootstrapServers,
        Security = view.Security,
        Mechanism = view.Mechanism,
        UserName = view.UserName,
        CaPem = view.CaPem,
        ClientCertificatePem = view.ClientCertificatePem,
        Description = view.Description,
    };

    /// <summary>Settings of another day: where the sandbox listens is set in no form, and is as it is now.</summary>
    public static MqttClusterDraft Fit(MqttClusterDraft draft, MqttClusterView? stored) =>
        stored is { Kind: MqttClusterKind.Embedded } ? draft with { Endpoints = stored.Endpoints } : draft;

    /// <summary>The same of a Kafka instance.</summary>
    public static KafkaInstanceDraft Fit(KafkaInstanceDraft draft, KafkaInstanceView? stored) =>
        stored is { IsEmbedded: true } ? draft with { BootstrapServers = stored.BootstrapServers } : draft;

    /// <summary>The usual port of a transport; a port that was typed is kept.</summary>
    public static int Port(EndpointTransport before, EndpointTransport after, int port) => port == Usual(before) ? Usual(after) : port;

    private static int Usual(EndpointTransport transport) => transport switch
    {
        EndpointTransport.Tls => 8883,
        EndpointTransport.Ws => 8083,
        EndpointTransport.Wss => 8084,
        _ => 1883,
    };
}
