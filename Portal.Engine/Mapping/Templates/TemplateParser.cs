using System.Globalization;
using System.Text;
using Portal.Engine.Mapping.Headers;
using Portal.Engine.Mapping.Payloads;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Templates;

/// <summary>Takes a template apart.</summary>
internal sealed class TemplateParser(string text)
{
    private const string Known = "{topic}, {topic[0]}, {clientid}, {property:name} and {payload:$.path}";
    private readonly StringBuilder _literal = new();
    private int _literalStart;

    public List<TemplatePart> Parts { get; } = [];

    /// <returns>The first thing that is wrong, or null.</returns>
    public SyntaxError? Parse()
    {
        SyntaxError? error = null;
        for (var i = 0; i < text.Length && error is null; i++)
        {
            var c = text[i];
            if (c is '{' or '}' && i + 1 < text.Length && text[i + 1] == c)
            {
                _literal.Append(c);
                i++;
            }
            else if (c == '}')
            {
                error = new SyntaxError(i, 1, "This } closes nothing; write }} for a brace of its own.");
            }
            else if (c == '{')
            {
                error = Placeholder(ref i);
            }
            else
            {
                _literal.Append(c);
            }
        }

        EndLiteral(text.Length);
        return error;
    }

    private SyntaxError? Placeholder(ref int position)
    {
        var start = position;
        var end = End(start);
        if (end < 0)
        {
            return new SyntaxError(start, text.Length - start, "This { has no }; write {{ for a brace of its own.");
        }

        EndLiteral(end + 1);
        position = end;
        var inside = text[(start + 1)..end];
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        var (word, argument) = colon < 0 ? (inside, null) : (inside[..colon], inside[(colon + 1)..]);
        switch (word, argument)
        {
            case ("topic", null):
                Parts.Add(new TemplatePart.Topic());
                return null;
            case ("clientid", null):
                Parts.Add(new TemplatePart.Property(Encoding.UTF8.GetString(UserProperties.PublisherClientId)));
                return null;
            case ("property", { Length: > 0 } name):
                Parts.Add(new TemplatePart.Property(name));
                return null;
            case ("property", _):
                return new SyntaxError(start, end + 1 - start, "Name the user property, as in {property:device}.");
            case ("payload", _):
                return Payload(argument ?? "", end - (argument?.Length ?? 0));
            default:
                return Level(inside, start, end);
        }
    }

    /// <summary>The closing brace; one inside the quotes of a payload path does not count.</summary>
    private int End(int start)
    {
        var quote = '\0';
        var quotes = text.AsSpan(start).StartsWith("{payload:");
        for (var i = start + 1; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? '\0' : quote;
            }
            else if (c == '}')
            {
                return i;
            }
            else if (quotes && c is '\'' or '"')
            {
                quote = c;
            }
        }

        return -1;
    }

    private SyntaxError? Payload(string argument, int offset)
    {
        if (!JsonPath.TryParse(argument, out var path, out var error))
        {
            return error with { Position = Math.Min(offset + error.Position, text.Length) };
        }

        Parts.Add(new TemplatePart.Payload(path));
        return null;
    }

    private SyntaxError? Level(string inside, int start, int end)
    {
        if (inside.StartsWith("topic[", StringComparison.Ordinal) && inside.EndsWith(']')
            && int.TryParse(inside.AsSpan(6, inside.Length - 7), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            Parts.Add(new TemplatePart.Level(index));
            return null;
        }

        return new SyntaxError(start, end + 1 - start, $"{{{inside}}} is not known here. Known are {Known}.");
    }

    private void EndLiteral(int next)
    {
        if (_literal.Length > 0)
        {
            Parts.Add(new TemplatePart.Literal(_literal.ToString(), _literalStart));
            _literal.Clear();
        }

        _literalStart = next;
    }
}
