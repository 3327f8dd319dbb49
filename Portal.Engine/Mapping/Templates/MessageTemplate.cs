using System.Diagnostics.CodeAnalysis;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Templates;

/// <summary>
/// Text made from a message: <c>{topic}</c>, <c>{topic[n]}</c> (one level, from 0), <c>{clientid}</c> (of the publisher), <c>{property:x}</c>,
/// <c>{payload:$.path}</c>; <c>{{</c> and <c>}}</c> stand for braces. A message that lacks what the template names fails.
/// </summary>
public sealed class MessageTemplate
{
    private readonly TemplatePart[] _parts;

    internal MessageTemplate(string text, TemplatePart[] parts)
    {
        Text = text;
        _parts = parts;
    }

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    /// <summary>Its pieces, in order.</summary>
    internal IReadOnlyList<TemplatePart> Parts => _parts;

    /// <summary>Reads a template; without success says what is wrong where.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MessageTemplate? template, [NotNullWhen(false)] out SyntaxError? error)
    {
        var parser = new TemplateParser(text);
        error = parser.Parse();
        template = error is null ? new MessageTemplate(text, [.. parser.Parts]) : null;
        return error is null;
    }

    /// <summary>Appends the text to the record's bytes.</summary>
    /// <returns>Null, or why it cannot be made from this message.</returns>
    internal string? Append(in InboundMessage message, KafkaRecord record)
    {
        foreach (var part in _parts)
        {
            if (part.Append(message, record) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }
}
