using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>A registered broker: where it is and how to trust it. Credentials belong to the connection.</summary>
internal sealed class MqttCluster : ICluster
{
    public required string Id { get; init; }

    public long Revision { get; set; } = 1;

    public required string Name { get; set; }

    public required string Region { get; set; }

    public MqttClusterKind Kind { get; set; }

    /// <inheritdoc/>
    public bool IsEmbedded => Kind == MqttClusterKind.Embedded;

    public MqttVersion Version { get; set; }

    public required IReadOnlyList<ClusterEndpoint> Endpoints { get; set; }

    public string? CaPem { get; set; }

    public string? ClientCertificatePem { get; set; }

    /// <summary>Encrypted; see <see cref="Security.SecretProtector"/>.</summary>
    public string? ClientKey { get; set; }

    public string? ServerName { get; set; }

    public MinimumTls MinimumTls { get; set; }

    public string Description { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset? AddressChangedAt { get; set; }
}
