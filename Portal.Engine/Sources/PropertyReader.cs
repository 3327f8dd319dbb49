using System.Buffers.Binary;

namespace Portal.Engine.Sources;

/// <summary>The identifiers of the properties that a PUBLISH may carry (MQTT 5, section 2.2.2.2).</summary>
public enum PublishProperty : byte
{
    /// <summary>Payload Format Indicator, one byte.</summary>
    PayloadFormatIndicator = 0x01,

    /// <summary>Message Expiry Interval, four bytes, seconds that remain.</summary>
    MessageExpiryInterval = 0x02,

    /// <summary>Content Type, text.</summary>
    ContentType = 0x03,

    /// <summary>Response Topic, text.</summary>
    ResponseTopic = 0x08,

    /// <summary>Correlation Data, bytes.</summary>
    CorrelationData = 0x09,

    /// <summary>Subscription Identifier, a variable byte integer; may repeat.</summary>
    SubscriptionIdentifier = 0x0B,

    /// <summary>Topic Alias, two bytes.</summary>
    TopicAlias = 0x23,

    /// <summary>User Property, two texts; may repeat, order counts.</summary>
    UserProperty = 0x26,
}

/// <summary>
/// Walks over the properties of a PUBLISH without copying. <see cref="TryValidate"/> is called once, when the packet is decoded;
/// after that <see cref="Read"/> trusts the bytes.
/// </summary>
public ref struct PropertyReader(ReadOnlySpan<byte> properties)
{
    private ReadOnlySpan<byte> _rest = properties;

    /// <summary>Which property was read last.</summary>
    public PublishProperty Property { get; private set; }

    /// <summary>The name of a user property; empty for the others.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value of a text or of bytes, without its length; empty for numbers.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value of a number; 0 for the others.</summary>
    public uint Number { get; private set; }

    /// <summary>Goes to the next property; false at the end.</summary>
    public bool Read() => !_rest.IsEmpty && TryRead();

    /// <summary>Whether the bytes are a well-formed list of properties that a PUBLISH may carry.</summary>
    public static bool TryValidate(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (!reader._rest.IsEmpty)
        {
            if (!reader.TryRead())
            {
                return false;
            }
        }

        return true;
    }

    private bool TryRead()
    {
        Property = (PublishProperty)_rest[0];
        _rest = _rest[1..];
        Name = default;
        Value = default;
        Number = 0;
        switch (Property)
        {
            case PublishProperty.PayloadFormatIndicator:
                return TryNumber(1);
            case PublishProperty.TopicAlias:
                return TryNumber(2);
            case PublishProperty.MessageExpiryInterval:
                return TryNumber(4);
            case PublishProperty.SubscriptionIdentifier:
                return TryVariable();
            case PublishProperty.ContentType or PublishProperty.ResponseTopic or PublishProperty.CorrelationData:
                return TryBytes(out var value) && (Value = value) == value;
            case PublishProperty.UserProperty:
                if (!TryBytes(out var name) || !TryBytes(out var text))
                {
                    return false;
                }

                Name = name;
                Value = text;
                return true;
            default:
                return false;
        }
    }

    private bool TryNumber(int size)
    {
        if (_rest.Length < size)
        {
            return false;
        }

        Number = size switch
        {
            1 => _rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(_rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(_rest),
        };
        _rest = _rest[size..];
        return true;
    }

    private bool TryVariable()
    {
        uint number = 0;
        for (var i = 0; i < 4 && i < _rest.Length; i++)
        {
            number |= (uint)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                Number = number;
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private bool TryBytes(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_rest.Length < 2 || _rest.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(_rest))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        bytes = _rest.Slice(2, length);
        _rest = _rest[(2 + length)..];
        return true;
    }
}
