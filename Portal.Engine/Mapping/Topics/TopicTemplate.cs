using System.Diagnostics.CodeAnalysis;
using System.Text;
using Portal.Engine.Mapping.Templates;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Topics;

/// <summary>
/// A <see cref="MessageTemplate"/> that gives the name of a Kafka topic. In what a message contributes <c>/</c> becomes <c>.</c> and every other
/// character that Kafka does not allow becomes <c>_</c>; the text of the template itself must be legal as it stands. A message whose name
/// is empty, <c>.</c>, <c>..</c> or longer than <see cref="KafkaTopicName.MaxLength"/> fails.
/// </summary>
public sealed class TopicTemplate
{
    private readonly MessageTemplate _template;
    private readonly TopicNames _names = new();

    private TopicTemplate(MessageTemplate template) => _template = template;

    /// <summary>The template as it was written.</summary>
    public string Text => _template.Text;

    /// <summary>Reads a template; without success says what is wrong where.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TopicTemplate? template, [NotNullWhen(false)] out SyntaxError? error)
    {
        template = null;
        if (!MessageTemplate.TryParse(text, out var parsed, out error))
        {
            return false;
        }

        error = CheckLiterals(text, parsed);
        template = error is null ? new TopicTemplate(parsed) : null;
        return error is null;
    }

    /// <summary>The name for a message, the same string for the same name; null with the reason when there is none.</summary>
    internal string? Name(in InboundMessage message, KafkaRecord record, out string? failure)
    {
        var mark = record.Mark();
        failure = _template.Append(message, record);
        if (failure is not null)
        {
            record.Trim(mark, 0);
            return null;
        }

        var bytes = record.Since(mark);
        var name = bytes[..KafkaTopicName.Replace(bytes)];
        record.Trim(mark, 0);
        if (name.Length is > 0 and <= KafkaTopicName.MaxLength && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
        {
            return _names.Get(name);
        }

        failure = $"The topic template gives no usable name for this message. {KafkaTopicName.Check(Encoding.UTF8.GetString(name))}";
        return null;
    }

    private static SyntaxError? CheckLiterals(string text, MessageTemplate template)
    {
        if (text.Length == 0)
        {
            return new SyntaxError(0, 0, "A topic template is needed, for example iot.{topic}.");
        }

        foreach (var literal in template.Parts.OfType<TemplatePart.Literal>())
        {
            if (KafkaTopicName.FirstIllegal(literal.Text) is var index and >= 0)
            {
                var illegal = literal.Text[index];
                return new SyntaxError(
                    literal.Position + index,
                    1,
                    $"Kafka does not allow '{illegal}' in a topic name: only letters, digits, '.', '_' and '-'.");
            }
        }

        if (template.Parts is [TemplatePart.Literal only] && KafkaTopicName.Check(only.Text) is { } error)
        {
            return new SyntaxError(0, text.Length, error);
        }

        return null;
    }
}
