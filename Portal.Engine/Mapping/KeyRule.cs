using System.Text;
using Portal.Engine.Mapping.Headers;
using Portal.Engine.Mapping.Payloads;
using Portal.Engine.Mapping.Templates;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping;

/// <summary>
/// Sets a record's key. A message that lacks what the key is made of fails: a record without its key would silently leave the order of
/// its device, and a compacted topic refuses it.
/// </summary>
internal sealed class KeyRule
{
    private readonly KeySource _source;
    private readonly byte[] _property = [];
    private readonly JsonPath? _path;
    private readonly MessageTemplate? _template;
    private readonly string _missing = "";

    /// <exception cref="ArgumentException">The argument is not valid; the validator of specs says so before.</exception>
    public KeyRule(KeySource source, string argument)
    {
        _source = source;
        switch (source)
        {
            case KeySource.MessageId:
                _property = UserProperties.MessageId.ToArray();
                break;
            case KeySource.PublisherClientId:
                _property = UserProperties.PublisherClientId.ToArray();
                break;
            case KeySource.UserProperty:
                _property = Encoding.UTF8.GetBytes(argument);
                break;
            case KeySource.PayloadPath:
                _path = JsonPath.TryParse(argument, out var path, out var error) ? path : throw new ArgumentException(error.ToString(), nameof(argument));
                break;
            case KeySource.Template:
                _template = MessageTemplate.TryParse(argument, out var template, out var wrong)
                    ? template
                    : throw new ArgumentException(wrong.ToString(), nameof(argument));
                break;
        }

        _missing = _path is null
            ? $"The key is the user property '{Encoding.UTF8.GetString(_property)}', which this message does not carry."
            : $"The key is the value at {argument}, which this payload does not have, or it is not JSON.";
    }

    /// <returns>Null, or why the key cannot be made.</returns>
    public string? Apply(in InboundMessage message, KafkaRecord.Slice topic, KafkaRecord record)
    {
        switch (_source)
        {
            case KeySource.None:
                return null;
            case KeySource.Topic:
                record.SetKey(topic);
                return null;
            case KeySource.PayloadPath:
            case KeySource.Template:
                return Compose(message, record);
            default:
                if (!UserProperties.TryFind(message.Properties, _property, out var value))
                {
                    return _missing;
                }

                record.SetKey(value);
                return null;
        }
    }

    private string? Compose(in InboundMessage message, KafkaRecord record)
    {
        var mark = record.Mark();
        var failure = _template is null
            ? _path!.TryFind(message.Payload, out var value) && value.TryText(record) ? null : _missing
            : _template.Append(message, record) is { } missing ? $"The key cannot be made. {missing}" : null;
        if (failure is null)
        {
            record.SetKey(record.Trim(mark, record.Mark() - mark));
        }

        return failure;
    }
}
