using System.Text;
using Portal.Engine.Sources;

namespace Portal.Engine.Sampling;

/// <summary>A PUBLISH that was kept, byte for byte, so that it can be mapped again and again. Immutable by convention: nobody writes into its arrays.</summary>
public sealed class SampledMessage
{
    private readonly byte[] _topic;
    private readonly byte[] _properties;

    private SampledMessage(byte[] topic, byte[] payload, byte[] properties)
    {
        _topic = topic;
        _properties = properties;
        Payload = payload;
        Topic = Encoding.UTF8.GetString(topic);
    }

    /// <summary>The topic name.</summary>
    public string Topic { get; }

    /// <summary>The payload, untouched.</summary>
    public byte[] Payload { get; }

    /// <summary>The QoS that it was delivered with: 0 for whatever a sampler heard.</summary>
    public int Qos { get; private init; }

    /// <summary>The RETAIN flag.</summary>
    public bool Retained { get; private init; }

    /// <summary>When it was read, milliseconds since 1970 UTC.</summary>
    public long ReceivedAt { get; private init; }

    /// <summary>Its size in memory: payload and properties.</summary>
    public int Size => Payload.Length + _properties.Length;

    /// <summary>The properties of MQTT 5, read anew with each call.</summary>
    public MessageProperties ReadProperties() => MessageProperties.Read(_properties);

    /// <summary>Copies a message out of the receive buffer.</summary>
    internal static SampledMessage Copy(in InboundMessage message) => new(message.Topic.ToArray(), message.Payload.ToArray(), message.Properties.ToArray())
    {
        Qos = message.Qos,
        Retained = message.Retained,
        ReceivedAt = message.ReceivedAt,
    };

    /// <summary>Puts a message together that no broker sent.</summary>
    /// <exception cref="ArgumentException">A text is longer than the 65 535 bytes that MQTT allows.</exception>
    public static SampledMessage Compose(string topic, byte[] payload, MessageProperties properties, int qos, bool retained, long receivedAt) =>
        new(Encoding.UTF8.GetBytes(topic), payload, properties.Write()) { Qos = qos, Retained = retained, ReceivedAt = receivedAt };

    /// <summary>The message as the decoder gives it.</summary>
    internal InboundMessage Read() => new()
    {
        Topic = _topic,
        Payload = Payload,
        Properties = _properties,
        Qos = Qos,
        Retained = Retained,
        ReceivedAt = ReceivedAt,
    };
}
