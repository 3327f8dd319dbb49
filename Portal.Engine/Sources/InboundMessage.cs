namespace Portal.Engine.Sources;

/// <summary>
/// One PUBLISH as received, still lying in the receive buffer: valid only until the call that got it returns. All texts are UTF-8.
/// </summary>
public readonly ref struct InboundMessage
{
    /// <summary>The topic name.</summary>
    public required ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The payload, untouched.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The properties of MQTT 5 as they stand in the packet, without their length; empty with MQTT 3.1.1. Validated by the decoder; read with <see cref="PropertyReader"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>0, 1 or 2.</summary>
    public required int Qos { get; init; }

    /// <summary>0 at QoS 0.</summary>
    public ushort PacketId { get; init; }

    /// <summary>The DUP flag: sent before, not necessarily in Kafka already.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The RETAIN flag.</summary>
    public bool Retained { get; init; }

    /// <summary>When it was read, milliseconds since 1970 UTC.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>How many whole seconds it was held back since; 0 for one that is handed on as it comes.</summary>
    public uint SecondsHeld { get; init; }
}
