using System.Buffers.Binary;
using System.Text;
using Portal.Engine.Sources;

namespace Portal.Engine.Sampling;

/// <summary>The properties of a PUBLISH (MQTT 5, section 3.3.2.3), apart from the topic alias, which is settled when it is decoded.</summary>
public sealed record MessageProperties
{
    private const int MaxSubscription = 268_435_455;

    /// <summary>Payload Format Indicator: 1 when the payload is said to be UTF-8; null when not sent.</summary>
    public int? Format { get; init; }

    /// <summary>Message Expiry Interval: the seconds that remain; null when not sent.</summary>
    public uint? ExpirySeconds { get; init; }

    /// <summary>Content Type; null when not sent.</summary>
    public string? ContentType { get; init; }

    /// <summary>Response Topic; null when not sent.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Correlation Data; null when not sent.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>Subscription Identifiers, 1 to 268 435 455.</summary>
    public IReadOnlyList<int> Subscriptions { get; init; } = [];

    /// <summary>User Properties: duplicates kept, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> User { get; init; } = [];

    internal static MessageProperties Read(ReadOnlySpan<byte> bytes)
    {
        var read = new MessageProperties();
        var user = new List<KeyValuePair<string, string>>();
        var subscriptions = new List<int>();
        var reader = new PropertyReader(bytes);
        while (reader.Read())
        {
            switch (reader.Property)
            {
                case PublishProperty.UserProperty:
                    user.Add(new(Encoding.UTF8.GetString(reader.Name), Encoding.UTF8.GetString(reader.Value)));
                    break;
                case PublishProperty.SubscriptionIdentifier:
                    subscriptions.Add((int)reader.Number);
                    break;
                default:
                    read = read.With(reader);
                    break;
            }
        }

        return read with { User = user, Subscriptions = subscriptions };
    }

    /// <exception cref="ArgumentException">A text is longer than MQTT allows.</exception>
    internal byte[] Write()
    {
        var bytes = new List<byte>();
        if (Format is { } format)
        {
            bytes.AddRange([(byte)PublishProperty.PayloadFormatIndicator, (byte)format]);
        }

        if (ExpirySeconds is { } seconds)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(number, seconds);
            bytes.Add((byte)PublishProperty.MessageExpiryInterval);
            bytes.AddRange(number);
        }

        Add(PublishProperty.ContentType, ContentType is null ? null : Encoding.UTF8.GetBytes(ContentType));
        Add(PublishProperty.ResponseTopic, ResponseTopic is null ? null : Encoding.UTF8.GetBytes(ResponseTopic));
        Add(PublishProperty.CorrelationData, CorrelationData);
        foreach (var subscription in Subscriptions)
        {
            bytes.Add((byte)PublishProperty.SubscriptionIdentifier);
            Variable(bytes, subscription);
        }

        foreach (var (name, value) in User)
        {
            bytes.Add((byte)PublishProperty.UserProperty);
            Counted(bytes, Encoding.UTF8.GetBytes(name));
            Counted(bytes, Encoding.UTF8.GetBytes(value));
        }

        return [.. bytes];

        void Add(PublishProperty property, byte[]? value)
        {
            if (value is not null)
            {
                bytes.Add((byte)property);
                Counted(bytes, value);
            }
        }
    }

    private static void Counted(List<byte> bytes, byte[] value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, ushort.MaxValue);
        bytes.AddRange([(byte)(value.Length >> 8), (byte)value.Length, .. value]);
    }

    // A variable byte integer (MQTT 5, section 1.5.5).
    private static void Variable(List<byte> bytes, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxSubscription);
        for (; number > 0x7F; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }

    private MessageProperties With(in PropertyReader reader) => reader.Property switch
    {
        PublishProperty.PayloadFormatIndicator => this with { Format = (int)reader.Number },
        PublishProperty.MessageExpiryInterval => this with { ExpirySeconds = reader.Number },
        PublishProperty.ContentType => this with { ContentType = Encoding.UTF8.GetString(reader.Value) },
        PublishProperty.ResponseTopic => this with { ResponseTopic = Encoding.UTF8.GetString(reader.Value) },
        PublishProperty.CorrelationData => this with { CorrelationData = reader.Value.ToArray() },
        _ => this,
    };
}
