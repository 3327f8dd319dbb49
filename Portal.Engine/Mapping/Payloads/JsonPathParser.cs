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

    /// <summary>Reads steps from <paramref name="position"/> on, up to what is none.</summary>
    public static bool TrySteps(
        string text, ref int position, Func<char, bool> isNamePart, out List<JsonStep> steps, [NotNullWhen(false)] out SyntaxError? error)
    {
        steps = [];
        error = null;
        while (error is null && position < text.Length && text[position] is '.' or '[')
        {
            error = text[position] == '.' ? Name(text, ref position, isNamePart, steps) : Bracket(text, ref position, steps);
        }

        return error is null;
    }

    private static SyntaxError? Name(string text, ref int position, Func<char, bool> isNamePart, List<JsonStep> steps)
    {
        var start = ++position;
        while (position < text.Length && isNamePart(text[position]))
        {
            position++;
        }

        if (position > start)
        {
            steps.Add(new JsonStep(Encoding.UTF8.GetBytes(text[start..position]), 0));
            return null;
        }

        return position < text.Length
            ? new SyntaxError(position, 1, $"Expected a name after the dot, found {text[position]}; other names are written as ['name'].")
            : new SyntaxError(position, 0, "Expected a name after the dot.");
    }

    private static SyntaxError? Bracket(string text, ref int position, List<JsonStep> steps)
    {
        var start = position++;
        var error = position < text.Length && text[position] is '\'' or '"'
            ? Quoted(text, ref position, steps)
            : Index(text, ref position, steps);
        if (error is null && (position >= text.Length || text[position++] != ']'))
        {
            error = new SyntaxError(start, position - start, "This [ has no ] after its number or name.");
        }

        return error;
    }

    private static SyntaxError? Index(string text, ref int position, List<JsonStep> steps)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        if (int.TryParse(text.AsSpan(start, position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            steps.Add(new JsonStep(null, index));
            return null;
        }

        return new SyntaxError(start - 1, position - start + 1, "Expected the number of an element, from 0, or a quoted name between [ and ].");
    }

    private static SyntaxError? Quoted(string text, ref int position, List<JsonStep> steps)
    {
        var start = position;
        var quote = text[position++];
        var name = new StringBuilder();
        while (position < text.Length && text[position] != quote)
        {
            if (text[position] == '\\' && position + 1 < text.Length && (text[position + 1] == '\\' || text[position + 1] == quote))
            {
                position++;
            }

            name.Append(text[position++]);
        }

        if (position == text.Length)
        {
            return new SyntaxError(start, text.Length - start, "This name has no closing quote.");
        }

        position++;
        steps.Add(new JsonStep(Encoding.UTF8.GetBytes(name.ToString()), 0));
        return null;
    }
}
