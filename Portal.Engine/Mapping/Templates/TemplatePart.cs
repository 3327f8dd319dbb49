using System.Text;
using Portal.Engine.Mapping.Headers;
using Portal.Engine.Mapping.Payloads;
using Portal.Engine.Sources;

namespace Portal.Engine.Mapping.Templates;

/// <summary>One piece of a template: appends its text to the record's bytes, or says why it has none.</summary>
internal abstract class TemplatePart
{
    /// <returns>Null, or why this message has no such text.</returns>
    public abstract string? Append(in InboundMessage message, KafkaRecord record);

    /// <summary>Text that stands in the template itself.</summary>
    public sealed class Literal(string text, int position) : TemplatePart
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

        public string Text => text;

        /// <summary>Where it begins in the template.</summary>
        public int Position => position;

        public override string? Append(in InboundMessage message, KafkaRecord record)
        {
            record.Append(_bytes);
            return null;
        }
    }

    /// <summary><c>{topic}</c>: the whole MQTT topic.</summary>
    public sealed class Topic : TemplatePart
    {
        public override string? Append(in InboundMessage message, KafkaRecord record)
        {
            record.Append(message.Topic);
            return null;
        }
    }

    /// <summary><c>{topic[n]}</c>: one level of it, from 0.</summary>
    public sealed class Level(int index) : TemplatePart
    {
        private readonly string _missing = $"{{topic[{index}]}} needs an MQTT topic of at least {index + 1} levels; they are counted from 0.";

        public override string? Append(in InboundMessage message, KafkaRecord record)
        {
            var rest = message.Topic;
            for (var i = 0; i < index; i++)
            {
                var slash = rest.IndexOf((byte)'/');
                if (slash < 0)
                {
                    return _missing;
                }

                rest = rest[(slash + 1)..];
            }

            var end = rest.IndexOf((byte)'/');
            record.Append(end < 0 ? rest : rest[..end]);
            return null;
        }
    }

    /// <summary><c>{property:x}</c> and <c>{clientid}</c>: a user property, of duplicates the last.</summary>
    public sealed class Property(string name) : TemplatePart
    {
        private readonly byte[] _name = Encoding.UTF8.GetBytes(name);
        private readonly string _missing = $"The message does not carry the user property '{name}'.";

        public override string? Append(in InboundMessage message, KafkaRecord record)
        {
            if (!UserProperties.TryFind(message.Properties, _name, out var value))
            {
                return _missing;
            }

            record.Append(value);
            return null;
        }
    }

    /// <summary><c>{payload:$.path}</c>: a value of the payload as text.</summary>
    public sealed class Payload(JsonPath path) : TemplatePart
    {
        private readonly string _missing = $"The payload has no value at {path.Text}, or is not JSON.";

        public override string? Append(in InboundMessage message, KafkaRecord record) =>
            path.TryFind(message.Payload, out var value) && value.TryText(record) ? null : _missing;
    }
}
