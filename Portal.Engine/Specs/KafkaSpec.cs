namespace Portal.Engine.Specs;

/// <summary>Kafka's <c>security.protocol</c>.</summary>
public enum KafkaSecurity
{
    /// <summary>PLAINTEXT.</summary>
    Plaintext,

    /// <summary>SSL.</summary>
    Ssl,

    /// <summary>SASL_PLAINTEXT.</summary>
    SaslPlaintext,

    /// <summary>SASL_SSL.</summary>
    SaslSsl,
}

/// <summary>Kafka's <c>sasl.mechanism</c>.</summary>
public enum KafkaSaslMechanism
{
    /// <summary>PLAIN.</summary>
    Plain,

    /// <summary>SCRAM-SHA-256.</summary>
    ScramSha256,

    /// <summary>SCRAM-SHA-512.</summary>
    ScramSha512,
}

/// <summary>A Kafka cluster and the credentials to use there.</summary>
public sealed record KafkaSpec
{
    /// <summary>Comma-separated <c>host:port</c>, at least one.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Default PLAINTEXT.</summary>
    public KafkaSecurity Security { get; init; }

    /// <summary>Used when <see cref="Security"/> is one of the SASL kinds.</summary>
    public KafkaSaslMechanism Mechanism { get; init; }

    /// <summary>The SASL user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The SASL password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>PEM of the certificate authorities to trust; null trusts those of the machine.</summary>
    public string? CaPem { get; init; }

    /// <summary>PEM of the client certificate, or null to offer none.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>PEM of the client certificate's private key.</summary>
    public string? ClientKeyPem { get; init; }

    /// <summary>Without password and key: records print themselves into logs.</summary>
    public override string ToString() => $"{UserName ?? "nobody"} at {BootstrapServers} ({Security})";
}
