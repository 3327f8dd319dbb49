using System.Buffers.Binary;
using System.Text;

namespace Portal.Engine.Sources.Wire;

/// <summary>What a CONNACK says. MQTTnet's own packet cannot tell an absent session expiry from one of 0, hence a reader of ours.</summary>
internal sealed record ConnackFacts
{
    /// <summary>0 means accepted.</summary>
    public byte ReasonCode { get; init; }

    /// <summary>Whether the broker had kept the session.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>In seconds; null means as asked for.</summary>
    public uint? SessionExpiry { get; init; }

    /// <summary>In seconds; null means as asked for.</summary>
    public ushort? ServerKeepAlive { get; init; }

    /// <summary>0, 1 or 2.</summary>
    public byte MaximumQos { get; init; } = 2;

    /// <summary>False only when the broker says so; with MQTT 3.1.1 it cannot.</summary>
    public bool SharedSubscriptions { get; init; } = true;

    /// <summary>How many QoS 1 and 2 messages the broker takes at once; null means 65 535.</summary>
    public ushort? ReceiveMaximum { get; init; }

    /// <summary>In bytes; null means that the broker names no limit.</summary>
    public uint? MaximumPacketSize { get; init; }

    /// <summary>False only when the broker says so; with MQTT 3.1.1 it cannot.</summary>
    public bool Wildcards { get; init; } = true;

    /// <summary>The server that the broker wants to be used instead, or null.</summary>
    public string? ServerReference { get; init; }

    /// <summary>The broker's own words, or null.</summary>
    public string? ReasonText { get; init; }

    /// <summary>In order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties { get; init; } = [];

    /// <summary>Reads what follows the remaining length of a CONNACK; null when it is malformed.</summary>
    public static ConnackFacts? Read(ReadOnlySpan<byte> body, bool hasProperties)
    {
        if (body.Length < 2)
        {
            return null;
        }

        var facts = new ConnackFacts { SessionPresent = (body[0] & 1) != 0, ReasonCode = body[1] };
        if (!hasProperties || body.Length == 2)
        {
            return facts;
        }

        return VariableInteger.Read(body[2..], out var length, out var size) == VariableIntegerResult.Read && body.Length == 2 + size + length
            ? ReadProperties(body[(2 + size)..], facts)
            : null;
    }

    /// <summary>What a DISCONNECT says beside its code, to be put behind the words of that. All of its properties are among those of a CONNACK.</summary>
    /// <param name="properties">What follows its reason code.</param>
    public static string WordsOfDisconnect(ReadOnlySpan<byte> properties)
    {
        if (VariableInteger.Read(properties, out var length, out var size) != VariableIntegerResult.Read
            || properties.Length != size + length
            || ReadProperties(properties[size..], new ConnackFacts()) is not { } said)
        {
            return "";
        }

        var text = ReasonWords.Own(said.ReasonText);
        return said.ServerReference is { Length: > 0 } server ? $"{text} It names another server: {server}." : text;
    }

    private static ConnackFacts? ReadProperties(ReadOnlySpan<byte> rest, ConnackFacts facts)
    {
        List<KeyValuePair<string, string>>? user = null;
        while (!rest.IsEmpty)
        {
            var id = rest[0];
            rest = rest[1..];
            switch (id)
            {
                case 0x11 or 0x27 when rest.Length >= 4:
                    var number = BinaryPrimitives.ReadUInt32BigEndian(rest);
                    facts = id == 0x11 ? facts with { SessionExpiry = number } : facts with { MaximumPacketSize = number };
                    rest = rest[4..];
                    break;
                case 0x13 or 0x21 or 0x22 when rest.Length >= 2:
                    var small = BinaryPrimitives.ReadUInt16BigEndian(rest);
                    facts = id switch
                    {
                        0x13 => facts with { ServerKeepAlive = small },
                        0x21 => facts with { ReceiveMaximum = small },
                        _ => facts,
                    };
                    rest = rest[2..];
                    break;
                case 0x24 or 0x25 or 0x28 or 0x29 or 0x2A when rest.Length >= 1:
                    facts = id switch
                    {
                        0x24 => facts with { MaximumQos = rest[0] },
                        0x28 => facts with { Wildcards = rest[0] != 0 },
                        0x2A => facts with { SharedSubscriptions = rest[0] != 0 },
                        _ => facts,
                    };
                    rest = rest[1..];
                    break;
                case 0x12 or 0x15 or 0x16 or 0x1A or 0x1C or 0x1F when TryText(ref rest, out var text):
                    facts = id switch
                    {
                        0x1C => facts with { ServerReference = text },
                        0x1F => facts with { ReasonText = text },
                        _ => facts,
                    };
                    break;
                case 0x26 when TryText(ref rest, out var name) && TryText(ref rest, out var value):
                    (user ??= []).Add(new(name, value));
                    break;
                default:
                    return null;
            }
        }

        return user is null ? facts : facts with { UserProperties = user };
    }

    private static bool TryText(scoped ref ReadOnlySpan<byte> rest, out string text)
    {
        text = "";
        if (rest.Length < 2 || rest.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(rest))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(rest);
        text = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return true;
    }
}
