namespace Portal.Server.Data.Entities;

/// <summary>Saved, named, validated credentials to one MQTT cluster.</summary>
internal sealed class Connection : IRevised
{
    public required string Id { get; init; }

    public long Revision { get; set; } = 1;

    public required string Name { get; set; }

    public string Description { get; set; } = "";

    public required string MqttClusterId { get; set; }

    public string UserName { get; set; } = "";

    /// <summary>Encrypted; see <see cref="Security.SecretProtector"/>.</summary>
    public string? Password { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the broker was last asked, or null. The beginning of that test: a cluster that is changed meanwhile outdates it.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>Why the last check failed, in words; null when it passed.</summary>
    public string? CheckCause { get; set; }

    /// <summary>How long CONNECT took at the last check.</summary>
    public TimeSpan? CheckLatency { get; set; }

    /// <summary>The operation that carries out the last change, or null: the status follows it.</summary>
    public string? OperationId { get; set; }

    public MqttCluster MqttCluster { get; init; } = null!;
}
