using System.Buffers;
using System.Buffers.Binary;
using System.Text.Unicode;

namespace Portal.Engine.Sources.Wire;

/// <summary>Reads a PUBLISH where it lies (MQTT 5 and 3.1.1, section 3.3). Everything that a later reader trusts is checked here.</summary>
internal static class PublishDecoder
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("+#\0"u8);

    /// <summary>Decodes one packet.</summary>
    /// <param name="header">The first byte.</param>
    /// <param name="body">What follows the remaining length.</param>
    /// <param name="hasProperties">Whether the session speaks MQTT 5.</param>
    /// <param name="receivedAt">Milliseconds since 1970.</param>
    /// <param name="message">Spans into <paramref name="body"/>.</param>
    /// <returns>Null, or what is malformed, in words.</returns>
    public static string? Decode(byte header, ReadOnlySpan<byte> body, bool hasProperties, long receivedAt, out InboundMessage message)
    {
        message = default;
        var qos = header >> 1 & 3;
        var duplicate = (header & 8) != 0;
        if (qos == 3)
        {
            return "a PUBLISH with QoS 3 (MQTT-3.3.1-4)";
        }

        if (duplicate && qos == 0)
        {
            return "a PUBLISH with DUP at QoS 0 (MQTT-3.3.1-2)";
        }

        if (!TryTake(ref body, out var topic))
        {
            return "a PUBLISH that ends within its topic name";
        }

        if (topic.IsEmpty)
        {
            return "a PUBLISH without a topic name, though no topic alias was offered (MQTT-3.3.2-9)";
        }

        if (topic.ContainsAny(Forbidden) || !Utf8.IsValid(topic))
        {
            return "a PUBLISH whose topic name holds a wildcard, a null character or broken UTF-8 (MQTT-3.3.2-2)";
        }

        ushort packetId = 0;
        if (qos > 0)
        {
            if (body.Length < 2)
            {
                return "a PUBLISH that ends within its packet identifier";
            }

            packetId = BinaryPrimitives.ReadUInt16BigEndian(body);
            body = body[2..];
            if (packetId == 0)
            {
                return "a PUBLISH with packet identifier 0 (MQTT-2.2.1-3)";
            }
        }

        ReadOnlySpan<byte> properties = default;
        if (hasProperties && !TryTakeProperties(ref body, out properties))
        {
            return "a PUBLISH with malformed properties (MQTT 5, section 3.3.2.3)";
        }

        if (!properties.IsEmpty && HasTopicAlias(properties))
        {
            return "a PUBLISH with a topic alias, though none was offered (MQTT-3.3.2-9)";
        }

        message = new InboundMessage
        {
            Topic = topic,
            Payload = body,
            Properties = properties,
            Qos = qos,
            PacketId = packetId,
            Duplicate = duplicate,
            Retained = (header & 1) != 0,
            ReceivedAt = receivedAt,
        };
        return null;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (body.Length < 2)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(body);
        if (body.Length - 2 < length)
        {
            return false;
        }

        bytes = body.Slice(2, length);
        body = body[(2 + length)..];
        return true;
    }

    private static bool TryTakeProperties(scoped ref ReadOnlySpan<byte> body, out ReadOnlySpan<byte> properties)
    {
        properties = default;
        if (VariableInteger.Read(body, out var length, out var size) != VariableIntegerResult.Read || body.Length - size < length)
        {
            return false;
        }

        properties = body.Slice(size, length);
        body = body[(size + length)..];
        return properties.IsEmpty || PropertyReader.TryValidate(properties);
    }

    private static bool HasTopicAlias(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            if (reader.Property == PublishProperty.TopicAlias)
            {
                return true;
            }
        }

        return false;
    }
}
