using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Payloads;

/// <summary>One step of a path.</summary>
/// <param name="Name">The member's name in UTF-8, or null for an element.</param>
/// <param name="Index">The element, from 0.</param>
internal readonly record struct JsonStep(byte[]? Name, int Index);

/// <summary>Reads the steps of a JSON path.</summary>
internal static class JsonPathParser
{
    private const string NotInNames = ".[]'\"{}*?";

    /// <summary>Whether a name may hold this character without being put in <c>['…']</c>.</summary>
    public static bool IsNamePart(char c) => !NotInNames.Contains(c) && !char.IsWhiteSpace(c) && !char.IsControl(c);

    /// <summary>Reads steps from <paramref name="position"/> up to <paramref name="end"/>.</summary>
    public static bool TrySteps(
        string text, ref int position, int end, out List<JsonStep> steps, [NotNullWhen(false)] out SyntaxError? error)
    {
        steps = [];
        error = null;
        while (error is null && position < end)
        {
            switch (text[position])
            {
                case '.':
                    Name(text, ref position, end, steps, ref error);
                    break;
                case '[':
                    Bracket(text, ref position, end, steps, ref error);
                    break;
                default:
                    error = new SyntaxError(position, 1, $"Expected . or [ here, found {text[position]}.");
                    break;
            }
        }

        return error is null;
    }

    private static void Name(string text, ref int position, int end, List<JsonStep> steps, ref SyntaxError? error)
    {
        var start = ++position;
        while (position < end && IsNamePart(text[position]))
        {
            position++;
        }

        if (position > start)
        {
            steps.Add(new JsonStep(Encoding.UTF8.GetBytes(text[start..position]), 0));
            return;
        }

        error = position < end
            ? new SyntaxError(position, 1, $"Expected a name after the dot, found {text[position]}; other names are written as ['name'].")
            : new SyntaxError(position, 0, "Expected a name after the dot.");
    }

    private static void Bracket(string text, ref int position, int end, List<JsonStep> steps, ref SyntaxError? error)
    {
        var start = position++;
        if (position < end && text[position] is '\'' or '"')
        {
            Quoted(text, ref position, end, steps, ref error);
        }
        else
        {
            var digits = position;
            while (position < end && char.IsAsciiDigit(text[position]))
            {
                position++;
            }

            if (int.TryParse(text.AsSpan(digits, position - digits), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                steps.Add(new JsonStep(null, index));
            }
            else
            {
                error = new SyntaxError(start, Math.Max(1, position - start), "Expected the number of an element, from 0, or a quoted name between [ and ].");
            }
        }

        if (error is null && (position >= end || text[position++] != ']'))
        {
            error = new SyntaxError(start, position - start, "This [ has no ] after its number or name.");
        }
    }

    private static void Quoted(string text, ref int position, int end, List<JsonStep> steps, ref SyntaxError? error)
    {
        var start = position;
        var quote = text[position++];
        var name = new StringBuilder();
        while (position < end && text[position] != quote)
        {
            if (text[position] == '\\' && position + 1 < end && (text[position + 1] == '\\' || text[position + 1] == quote))
            {
                position++;
            }

            name.Append(text[position++]);
        }

        if (position < end)
        {
            position++;
            steps.Add(new JsonStep(Encoding.UTF8.GetBytes(name.ToString()), 0));
            return;
        }

        error = new SyntaxError(start, end - start, "This name has no closing quote.");
    }
}
