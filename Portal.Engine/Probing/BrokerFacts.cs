using Portal.Engine.Specs;

namespace Portal.Engine.Probing;

/// <summary>What an MQTT broker said about itself in CONNACK.</summary>
/// <param name="MaximumPacketSize">The largest packet that it takes, in bytes (MQTT 5, section 3.2.2.3.6); null when it names none.</param>
public sealed record BrokerFacts(long? MaximumPacketSize)
{
    /// <summary>The version that was agreed on. MQTT 3.1.1 has no words for what is null below.</summary>
    public MqttProtocol Protocol { get; init; }

    /// <summary>The highest QoS, 0 to 2; null when the protocol cannot tell.</summary>
    public int? MaximumQos { get; init; }

    /// <summary>How many messages with QoS 1 it takes unacknowledged, 1 to 65 535; null when the protocol cannot tell.</summary>
    public int? ReceiveMaximum { get; init; }

    /// <summary>How long it keeps a session of a client that left: at most the hour that a probe asks for; null when the protocol cannot tell.</summary>
    public TimeSpan? SessionExpiry { get; init; }

    /// <summary>Whether it says that it has shared subscriptions; null when the protocol cannot tell.</summary>
    public bool? SharedSubscriptions { get; init; }

    /// <summary>The longest silence that it allows a client; null when it takes what was asked for.</summary>
    public TimeSpan? KeepAlive { get; init; }

    /// <summary>The QoS that it granted to a shared subscription with QoS 1; null when it granted none.</summary>
    public int? GrantedQos { get; init; }
}
