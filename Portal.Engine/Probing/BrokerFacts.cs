namespace Portal.Engine.Probing;

/// <summary>What an MQTT broker said about itself in CONNACK.</summary>
/// <param name="MaximumPacketSize">The largest packet that it takes, in bytes (MQTT 5, section 3.2.2.3.6); null when it names none.</param>
public sealed record BrokerFacts(long? MaximumPacketSize);
