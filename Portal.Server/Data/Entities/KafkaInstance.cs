using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>A registered Kafka cluster and the credentials to use there.</summary>
internal sealed class KafkaInstance : ICluster
{
    public required string Id { get; init; }

    public long Revision { get; set; } = 1;

    public required string Name { get; set; }

    public required string Region { get; set; }

    /// <inheritdoc/>
    public bool IsEmbedded { get; init; }

    public required string BootstrapServers { get; set; }

    public KafkaSecurityProtocol Security { get; set; }

    public KafkaMechanism Mechanism { get; set; }

    public string? UserName { get; set; }

    /// <summary>Encrypted; see <see cref="Security.SecretProtector"/>.</summary>
    public string? Password { get; set; }

    public string? CaPem { get; set; }

    public string? ClientCertificatePem { get; set; }

    /// <summary>Encrypted, like <see cref="Password"/>.</summary>
    public string? ClientKey { get; set; }

    public string Description { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <inheritdoc/>
    public DateTimeOffset? AddressChangedAt { get; set; }
}
