using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Headers;

/// <summary>
/// Writes a record's headers: those of the message, the MQTT 5 properties, the extension fields, then the user properties in order. A
/// user property may bear the name of a system header: it is written as it came, after it.
/// </summary>
internal sealed class HeaderWriter
{
    private const string BadName =
        "A user property's name holds a zero byte or is not UTF-8, which a Kafka header cannot be named. All others are in the headers.";

    private readonly List<byte> _texts = [];
    private readonly byte[] _prefix;
    private readonly HeaderGroups _groups;
    private readonly KafkaRecord.Slice _topic;
    private readonly KafkaRecord.Slice _packetId;
    private readonly KafkaRecord.Header[] _duplicate;
    private readonly KafkaRecord.Header[] _qos;
    private readonly KafkaRecord.Header[] _retained;
    private readonly KafkaRecord.Slice _contentType;
    private readonly KafkaRecord.Slice _responseTopic;
    private readonly KafkaRecord.Slice _correlationData;
    private readonly KafkaRecord.Slice _expiry;
    private readonly KafkaRecord.Slice _format;
    private readonly KafkaRecord.Slice _subscription;
    private readonly KafkaRecord.Slice _messageId;
    private readonly KafkaRecord.Slice _messageTimestamp;
    private readonly KafkaRecord.Slice _publisherClientId;
    private readonly KafkaRecord.Slice _publisherClientHost;
    private readonly KafkaRecord.Slice _publisherUsername;

    public HeaderWriter(HeaderGroups groups, string prefix)
    {
        _groups = groups;
        _prefix = Encoding.UTF8.GetBytes(prefix);
        _topic = Name("mqtt.topic"u8);
        _packetId = Name("mqtt.message.packet.id"u8);
        var no = Text("false"u8);
        var yes = Text("true"u8);
        _duplicate = Choices("mqtt.duplicate"u8, no, yes);
        _qos = Choices("mqtt.qos"u8, Text("0"u8), Text("1"u8), Text("2"u8));
        _retained = Choices("mqtt.retained"u8, no, yes);
        _contentType = Name("mqtt.content.type"u8);
        _responseTopic = Name("mqtt.response.topic"u8);
        _correlationData = Name("mqtt.correlation.data"u8);
        _expiry = Name("mqtt.message.expiry.interval"u8);
        _format = Name("mqtt.payload.format.indicator"u8);
        _subscription = Name("mqtt.subscription.identifier"u8);
        _messageId = Name(UserProperties.MessageId);
        _messageTimestamp = Name(UserProperties.MessageTimestamp);
        _publisherClientId = Name(UserProperties.PublisherClientId);
        _publisherClientHost = Name(UserProperties.PublisherClientHost);
        _publisherUsername = Name(UserProperties.PublisherUsername);
        Preamble = [.. _texts];
    }

    /// <summary>What a record must begin with before <see cref="Write"/>: the fixed names and values.</summary>
    public byte[] Preamble { get; }

    /// <summary>Adds all headers.</summary>
    /// <param name="message">The message.</param>
    /// <param name="topic">Its topic, already in the record's bytes.</param>
    /// <param name="record">Begun with <see cref="Preamble"/>.</param>
    /// <returns>Null, or why one of them cannot be written; the others are.</returns>
    public string? Write(in InboundMessage message, KafkaRecord.Slice topic, KafkaRecord record)
    {
        if ((_groups & HeaderGroups.Message) != 0)
        {
            record.AddHeader(_topic, topic);
            if (message.Qos > 0)
            {
                record.AddHeader(_packetId, Decimal(message.PacketId, record));
            }

            record.AddHeader(_duplicate[message.Duplicate ? 1 : 0]);
            record.AddHeader(_qos[message.Qos]);
            record.AddHeader(_retained[message.Retained ? 1 : 0]);
        }

        return message.Properties.IsEmpty ? null : WriteProperties(message.Properties, message.SecondsHeld, record);
    }

    private string? WriteProperties(ReadOnlySpan<byte> properties, uint secondsHeld, KafkaRecord record)
    {
        var known = new KnownProperties(properties);
        if ((_groups & HeaderGroups.Properties) != 0)
        {
            Add(_contentType, known.ContentType, record);
            Add(_responseTopic, known.ResponseTopic, record);
            Add(_correlationData, known.CorrelationData, record);
            // Like a broker, which passes on what is left of it (MQTT-3.3.2-6).
            Add(_expiry, known.ExpiryInterval - Math.Min(secondsHeld, known.ExpiryInterval ?? 0), record);
            Add(_format, known.FormatIndicator, record);
            if (known.HasSubscriptionIdentifier)
            {
                WriteSubscriptionIdentifiers(properties, record);
            }
        }

        if ((_groups & HeaderGroups.Extensions) != 0)
        {
            Add(_messageId, known.MessageId, record);
            Add(_messageTimestamp, known.MessageTimestamp, record);
            Add(_publisherClientId, known.PublisherClientId, record);
            Add(_publisherClientHost, known.PublisherClientHost, record);
            Add(_publisherUsername, known.PublisherUsername, record);
        }

        return (_groups & HeaderGroups.UserProperties) != 0 ? WriteUserProperties(properties, known, record) : null;
    }

    private void WriteSubscriptionIdentifiers(ReadOnlySpan<byte> properties, KafkaRecord record)
    {
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            if (reader.Property == PublishProperty.SubscriptionIdentifier)
            {
                Add(_subscription, reader.Number, record);
            }
        }
    }

    private string? WriteUserProperties(ReadOnlySpan<byte> properties, in KnownProperties known, KafkaRecord record)
    {
        string? failure = null;
        var reader = new PropertyReader(properties);
        while (reader.Read())
        {
            if (reader.Property != PublishProperty.UserProperty || IsLeftToExtensions(reader, known))
            {
                continue;
            }

            if (reader.Name.Contains((byte)0) || !Utf8.IsValid(reader.Name))
            {
                failure = BadName;
                continue;
            }

            record.AddHeader(_prefix, reader.Name, reader.Value);
        }

        return failure;
    }

    /// <summary>An earlier duplicate of an extension field is a user property like others, unless the group is switched off.</summary>
    private bool IsLeftToExtensions(in PropertyReader reader, in KnownProperties known) =>
        known.Holds(reader.Value) || ((_groups & HeaderGroups.Extensions) == 0 && KnownProperties.IsExtension(reader.Name));

    private static void Add(KafkaRecord.Slice name, ReadOnlySpan<byte> value, KafkaRecord record)
    {
        if (KnownProperties.WasSent(value))
        {
            record.AddHeader(name, record.Append(value));
        }
    }

    private static void Add(KafkaRecord.Slice name, uint? value, KafkaRecord record)
    {
        if (value is { } number)
        {
            record.AddHeader(name, Decimal(number, record));
        }
    }

    private static KafkaRecord.Slice Decimal(uint number, KafkaRecord record)
    {
        Utf8Formatter.TryFormat(number, record.Reserve(10), out var length);
        return record.Commit(length);
    }

    private KafkaRecord.Slice Name(ReadOnlySpan<byte> name)
    {
        var start = _texts.Count;
        _texts.AddRange(_prefix);
        _texts.AddRange(name);
        _texts.Add(0);
        return new KafkaRecord.Slice(start, _prefix.Length + name.Length);
    }

    private KafkaRecord.Slice Text(ReadOnlySpan<byte> text)
    {
        _texts.AddRange(text);
        return new KafkaRecord.Slice(_texts.Count - text.Length, text.Length);
    }

    private KafkaRecord.Header[] Choices(ReadOnlySpan<byte> name, params KafkaRecord.Slice[] values)
    {
        var at = Name(name);
        return [.. values.Select(value => new KafkaRecord.Header(at.Start, at.Length, value.Start, value.Length))];
    }
}
