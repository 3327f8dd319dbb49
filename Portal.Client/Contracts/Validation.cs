using System.Text.Json.Serialization;

namespace Portal.Client.Contracts;

/// <summary>How a step of a validation stands.</summary>
public enum ValidationState
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Under way.</summary>
    Running,

    /// <summary>Fine.</summary>
    Passed,

    /// <summary>Fine, but something should be known; or it cannot be told by this broker.</summary>
    Warning,

    /// <summary>Not fine.</summary>
    Failed,

    /// <summary>Not needed, or not reached.</summary>
    Skipped,
}

/// <summary>One step of a validation.</summary>
public sealed record ValidationStep
{
    /// <summary>Stable name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for people.</summary>
    public required string Title { get; init; }

    /// <summary>How it stands.</summary>
    public ValidationState State { get; init; }

    /// <summary>How long it took; null before it ended.</summary>
    public TimeSpan? Took { get; init; }

    /// <summary>Stable code of the cause of a failure or warning, or null.</summary>
    public string? Code { get; init; }

    /// <summary>What was found; lines are separated by <c>\n</c>.</summary>
    public string? Result { get; init; }

    /// <summary>What to do about it, or null.</summary>
    public string? Advice { get; init; }
}

/// <summary>What an MQTT broker offered when it let a test in. MQTT 3.1.1 has no words for most of it: that is null.</summary>
public sealed record BrokerCapabilities
{
    /// <summary>The version that was spoken.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>The highest QoS, 0 to 2; null when not told.</summary>
    public int? MaximumQos { get; init; }

    /// <summary>The QoS that a shared subscription with QoS 1 was granted; null when none was.</summary>
    public int? GrantedQos { get; init; }

    /// <summary>Whether the broker says that it has shared subscriptions; null when not told.</summary>
    public bool? SharedSubscriptions { get; init; }

    /// <summary>How many messages it takes unacknowledged; null when not told.</summary>
    public int? ReceiveMaximum { get; init; }

    /// <summary>The largest packet that it takes, in bytes; null when it names no limit.</summary>
    public long? MaximumPacketSize { get; init; }

    /// <summary>How long it keeps the session of a client that left, where one hour was asked for; null when not told.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>The longest silence that it allows a client; null when it takes what is asked for.</summary>
    public TimeSpan? KeepAlive { get; init; }
}

/// <summary>A broker of a Kafka cluster, as it is advertised: there the records go.</summary>
/// <param name="Id">Its number in the cluster.</param>
/// <param name="Address">Host and port that it advertises.</param>
public sealed record KafkaBroker(int Id, string Address)
{
    /// <summary>Whether it took connections from here; null before that was tried.</summary>
    public bool? IsReached { get; init; }

    /// <summary>When the certificate that it showed expires; null without TLS, and where none was accepted.</summary>
    public DateTimeOffset? CertificateExpiresAt { get; init; }
}

/// <summary>What a Kafka cluster said about itself when it let a test in.</summary>
/// <param name="ClusterId">Its id; null where it does not tell.</param>
/// <param name="Brokers">Its brokers at that moment, by number; at least one.</param>
public sealed record KafkaClusterFacts(string? ClusterId, IReadOnlyList<KafkaBroker> Brokers);

/// <summary>A validation so far; each report replaces the one before.</summary>
/// <param name="Steps">All steps in order, from the first report on.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Finished">Whether no further report follows.</param>
/// <param name="Passed">Whether it has finished and no step failed.</param>
public sealed record ValidationReport(IReadOnlyList<ValidationStep> Steps, int Percent, bool Finished, bool Passed) : IRefusable
{
    /// <inheritdoc/>
    [JsonIgnore]
    public CommandResult? Refusal { get; init; }

    /// <summary>What an MQTT broker offered; null before it let the test in, and for Kafka.</summary>
    public BrokerCapabilities? Broker { get; init; }

    /// <summary>What a Kafka cluster said about itself; null before it let the test in, and for MQTT.</summary>
    public KafkaClusterFacts? Kafka { get; init; }
}
