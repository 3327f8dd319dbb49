using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Portal.Engine.Sources;

namespace Portal.Engine.Mapping.Headers;

/// <summary>
/// The properties of one message that have a system header, found in one walk; what a message does not carry is default. A field that
/// was sent several times counts as it was sent last, since that is what the MQTT service added.
/// </summary>
internal ref struct KnownProperties
{
    public ReadOnlySpan<byte> ContentType;
    public ReadOnlySpan<byte> ResponseTopic;
    public ReadOnlySpan<byte> CorrelationData;
    public ReadOnlySpan<byte> MessageId;
    public ReadOnlySpan<byte> MessageTimestamp;
    public ReadOnlySpan<byte> PublisherClientId;
    public ReadOnlySpan<byte> PublisherClientHost;
    public ReadOnlySpan<byte> PublisherUsername;
    public uint? ExpiryInterval;
    public uint? FormatIndicator;
    public bool HasSubscriptionIdentifier;

    public KnownProperties(ReadOnlySpan<byte> properties)
    {
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            switch (reader.Property)
            {
                case PublishProperty.ContentType:
                    ContentType = reader.Value;
                    break;
                case PublishProperty.ResponseTopic:
                    ResponseTopic = reader.Value;
                    break;
                case PublishProperty.CorrelationData:
                    CorrelationData = reader.Value;
                    break;
                case PublishProperty.MessageExpiryInterval:
                    ExpiryInterval = reader.Number;
                    break;
                case PublishProperty.PayloadFormatIndicator:
                    FormatIndicator = reader.Number;
                    break;
                case PublishProperty.SubscriptionIdentifier:
                    HasSubscriptionIdentifier = true;
                    break;
                case PublishProperty.UserProperty:
                    TakeExtension(reader.Name, reader.Value);
                    break;
            }
        }
    }

    /// <summary>Whether one of the texts was sent, even an empty one: it then points into the packet.</summary>
    public static bool WasSent(ReadOnlySpan<byte> value) => !Unsafe.IsNullRef(in MemoryMarshal.GetReference(value));

    /// <summary>Whether a name is one of the extension fields.</summary>
    public static bool IsExtension(ReadOnlySpan<byte> name)
    {
        var probe = default(KnownProperties);
        probe.TakeExtension(name, name);
        return probe.Holds(name);
    }

    /// <summary>Whether these very bytes, not just equal ones, are the value of an extension field.</summary>
    public readonly bool Holds(ReadOnlySpan<byte> value) =>
        value == MessageId || value == MessageTimestamp || value == PublisherClientId || value == PublisherClientHost || value == PublisherUsername;

    private void TakeExtension(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!name.StartsWith("$__"u8))
        {
            return;
        }

        if (name.SequenceEqual(UserProperties.MessageId))
        {
            MessageId = value;
        }
        else if (name.SequenceEqual(UserProperties.MessageTimestamp))
        {
            MessageTimestamp = value;
        }
        else if (name.SequenceEqual(UserProperties.PublisherClientId))
        {
            PublisherClientId = value;
        }
        else if (name.SequenceEqual(UserProperties.PublisherClientHost))
        {
            PublisherClientHost = value;
        }
        else if (name.SequenceEqual(UserProperties.PublisherUsername))
        {
            PublisherUsername = value;
        }
    }
}
