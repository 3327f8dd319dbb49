using Portal.Client.Contracts;

namespace Portal.Tests.Client;

/// <summary>Connections, a cluster and reports to show.</summary>
internal static class SampleConnections
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

    public static MqttClusterView Cluster { get; } = new()
    {
        Id = "mqtt-y8k3m2ab",
        Name = "north",
        Region = "gz",
        Kind = MqttClusterKind.Generic,
        Endpoints = [new ClusterEndpoint(EndpointTransport.Tls, "mq.north.example", 8883)],
        CreatedAt = Then,
    };

    public static ConnectionDraft Draft { get; } = new() { Name = "gz-prod", MqttClusterId = Cluster.Id, UserName = "ckafka_connector", Password = SecretChange.Replace("s3cret") };

    public static ConnectionView Connection(string id = "resource-a", string name = "gz-prod", ConnectionStatus status = ConnectionStatus.Running, string? cause = null) => new()
    {
        Id = id,
        Revision = 12,
        Name = name,
        Status = status,
        Cause = cause,
        MqttClusterId = Cluster.Id,
        MqttClusterName = Cluster.Name,
        Endpoint = "tls://mq.north.example:8883",
        Region = "gz",
        UserName = "ckafka_connector",
        HasPassword = true,
        Tasks = 2,
        CreatedAt = Then,
        CreatedBy = "operator",
        UpdatedAt = Then,
        CheckedAt = Then,
        Latency = TimeSpan.FromMilliseconds(21),
    };

    public static ValidationReport Report(ValidationState second = ValidationState.Passed, bool finished = true) => new(
        [
            new ValidationStep { Name = "resolve", Title = "Resolve the name", State = ValidationState.Passed, Took = TimeSpan.FromMilliseconds(4), Result = "2 addresses" },
            new ValidationStep
            {
                Name = "connect",
                Title = "Sign in",
                State = second,
                Took = finished ? TimeSpan.FromMilliseconds(6) : null,
                Result = second == ValidationState.Failed ? "The broker refused user ckafka_connector (0x86)." : null,
                Advice = second == ValidationState.Failed ? "Check user and password." : null,
            },
        ],
        finished ? 100 : 50, finished, finished && second != ValidationState.Failed);
}
