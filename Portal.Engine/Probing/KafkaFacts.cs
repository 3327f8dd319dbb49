namespace Portal.Engine.Probing;

/// <summary>What a Kafka cluster said about itself when it let a probe in.</summary>
/// <param name="Brokers">Its brokers at that moment, by id; at least one.</param>
public sealed record KafkaFacts(IReadOnlyList<KafkaBrokerFacts> Brokers)
{
    /// <summary>The id of the cluster; null where it does not tell.</summary>
    public string? ClusterId { get; init; }
}

/// <summary>A broker of a Kafka cluster, as it is advertised: there the records go.</summary>
/// <param name="Id">Its number in the cluster.</param>
/// <param name="Host">The host that it advertises.</param>
/// <param name="Port">The port that it advertises, 1 to 65 535.</param>
public sealed record KafkaBrokerFacts(int Id, string Host, int Port)
{
    /// <summary>Whether it takes connections from here, with TLS where the cluster is used with it; null before that was tried.</summary>
    public bool? IsReached { get; init; }

    /// <summary>When the certificate that it showed expires; null without TLS, and where none was accepted.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }
}
