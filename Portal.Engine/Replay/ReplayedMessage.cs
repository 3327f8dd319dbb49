using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Portal.Engine.Reading;
using Portal.Engine.Sources;

namespace Portal.Engine.Replay;

/// <summary>
/// The MQTT message that a dead letter was made of, as far as its record tells: what the mapping of then left out of the headers is not
/// known any more.
/// </summary>
/// <param name="Topic">The MQTT topic.</param>
/// <param name="Payload">The payload.</param>
/// <param name="Qos">0 to 2.</param>
/// <param name="PacketId">0 at QoS 0.</param>
/// <param name="Duplicate">The DUP flag.</param>
/// <param name="Retained">The RETAIN flag.</param>
/// <param name="ReceivedAt">Milliseconds since 1970 UTC: the timestamp of the dead letter.</param>
/// <param name="Properties">The MQTT 5 properties as a packet would have them.</param>
public sealed record ReplayedMessage(
    byte[] Topic, byte[] Payload, int Qos, ushort PacketId, bool Duplicate, bool Retained, long ReceivedAt, byte[] Properties)
{
    private const string TopicHeader = "mqtt.topic";

    /// <summary>The message as the mapper takes it.</summary>
    public InboundMessage Message => new()
    {
        Topic = Topic,
        Payload = Payload,
        Qos = Qos,
        PacketId = PacketId,
        Duplicate = Duplicate,
        Retained = Retained,
        ReceivedAt = ReceivedAt,
        Properties = Properties,
    };

    /// <summary>Makes the message of a dead letter; null, and why, when it cannot be made.</summary>
    /// <param name="letter">The dead letter with its whole value.</param>
    /// <param name="why">In words.</param>
    public static ReplayedMessage? TryMake(DeadLetter letter, out string? why)
    {
        why = letter switch
        {
            { IsCut: true } => "Its value was stored cut; the rest is lost, so it cannot be sent again.",
            { MqttTopic: null } => "It does not say which MQTT topic it came from. Edit it and name one.",
            _ => null,
        };
        return why is null ? Make(letter) : null;
    }

    /// <summary>Makes the message of an edited dead letter.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <param name="topic">The MQTT topic that it shall have.</param>
    /// <param name="payload">The payload that it shall have.</param>
    public static ReplayedMessage Edited(DeadLetter letter, string topic, byte[] payload) =>
        Make(letter) with { Topic = Encoding.UTF8.GetBytes(topic), Payload = payload };

    private static ReplayedMessage Make(DeadLetter letter)
    {
        List<KafkaHeader> headers = [.. letter.OwnHeaders];
        // A prefix, if there was one, stands before every name.
        var prefix = headers.FirstOrDefault(header => header.Name.EndsWith(TopicHeader, StringComparison.Ordinal))?.Name[..^TopicHeader.Length] ?? "";
        var known = new Dictionary<string, string>();
        using var properties = new MemoryStream();
        var behind = false;
        foreach (var (name, value) in headers.Select(header => (Bare(header.Name, prefix), header.Value ?? [])))
        {
            // System headers come first and once each; what bears such a name after a user property is one itself.
            behind = behind || (!IsMessage(name) && Property(name) is null) || (IsMessage(name) && known.ContainsKey(name));
            if (!behind && IsMessage(name))
            {
                known[name] = Encoding.UTF8.GetString(value);
            }
            else if (!behind && Property(name) is { } property)
            {
                Write(properties, property, value);
            }
            else
            {
                WriteUserProperty(properties, name, value);
            }
        }

        _ = int.TryParse(known.GetValueOrDefault("mqtt.qos"), CultureInfo.InvariantCulture, out var qos);
        _ = ushort.TryParse(known.GetValueOrDefault("mqtt.message.packet.id"), CultureInfo.InvariantCulture, out var packet);
        return new ReplayedMessage(
            Encoding.UTF8.GetBytes(letter.MqttTopic ?? ""),
            letter.Record.Value ?? [],
            Math.Clamp(qos, 0, 2),
            packet,
            known.GetValueOrDefault("mqtt.duplicate") == "true",
            known.GetValueOrDefault("mqtt.retained") == "true",
            letter.Record.Timestamp,
            properties.ToArray());
    }

    private static string Bare(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;

    private static bool IsMessage(string name) => name is TopicHeader or "mqtt.message.packet.id" or "mqtt.duplicate" or "mqtt.qos" or "mqtt.retained";

    private static PublishProperty? Property(string name) => name switch
    {
        "mqtt.content.type" => PublishProperty.ContentType,
        "mqtt.response.topic" => PublishProperty.ResponseTopic,
        "mqtt.correlation.data" => PublishProperty.CorrelationData,
        "mqtt.message.expiry.interval" => PublishProperty.MessageExpiryInterval,
        "mqtt.payload.format.indicator" => PublishProperty.PayloadFormatIndicator,
        "mqtt.subscription.identifier" => PublishProperty.SubscriptionIdentifier,
        _ => null,
    };

    private static void Write(MemoryStream properties, PublishProperty property, byte[] value)
    {
        var isNumber = property is PublishProperty.MessageExpiryInterval or PublishProperty.PayloadFormatIndicator or PublishProperty.SubscriptionIdentifier;
        if (isNumber && !uint.TryParse(Encoding.UTF8.GetString(value), CultureInfo.InvariantCulture, out _))
        {
            return;
        }

        properties.WriteByte((byte)property);
        var number = isNumber ? uint.Parse(Encoding.UTF8.GetString(value), CultureInfo.InvariantCulture) : 0;
        switch (property)
        {
            case PublishProperty.PayloadFormatIndicator:
                properties.WriteByte((byte)number);
                break;
            case PublishProperty.MessageExpiryInterval:
                Span<byte> four = stackalloc byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(four, number);
                properties.Write(four);
                break;
            case PublishProperty.SubscriptionIdentifier:
                for (; number >= 0x80; number >>= 7)
                {
                    properties.WriteByte((byte)(number | 0x80));
                }

                properties.WriteByte((byte)number);
                break;
            default:
                WriteBytes(properties, value);
                break;
        }
    }

    private static void WriteUserProperty(MemoryStream properties, string name, byte[] value)
    {
        properties.WriteByte((byte)PublishProperty.UserProperty);
        WriteBytes(properties, Encoding.UTF8.GetBytes(name));
        WriteBytes(properties, value);
    }

    private static void WriteBytes(MemoryStream properties, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Math.Min(bytes.Length, ushort.MaxValue));
        properties.Write(length);
        properties.Write(bytes.AsSpan(0, Math.Min(bytes.Length, ushort.MaxValue)));
    }
}
