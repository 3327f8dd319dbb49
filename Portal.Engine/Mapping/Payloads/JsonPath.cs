using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Payloads;

/// <summary>
/// Names one value inside a JSON payload: <c>$.a.b[0]['c d']</c>. Steps are <c>.name</c> (any characters but <c>. [ ] ' " { } * ?</c>, white
/// space and control characters), <c>[n]</c> (from 0) and <c>['name']</c> or <c>["name"]</c> (a backslash before a quote or a backslash).
/// Nothing that could name several values is part of it: no <c>*</c>, <c>..</c>, slices or conditions.
/// </summary>
/// <remarks>Of members with the same name the first counts, because reading stops there. Depth of a payload: at most 64.</remarks>
public sealed class JsonPath
{
    private readonly JsonStep[] _steps;

    private JsonPath(string text, JsonStep[] steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a path; without success says what is wrong where.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out SyntaxError? error)
    {
        if (!text.StartsWith('$'))
        {
            path = null;
            error = new SyntaxError(0, Math.Min(1, text.Length), "A JSON path begins with $, for example $.device.id or $.values[0].");
            return false;
        }

        var position = 1;
        if (!JsonPathParser.TrySteps(text, ref position, JsonPathParser.IsNamePart, out var steps, out error))
        {
            path = null;
            return false;
        }

        error = position < text.Length ? new SyntaxError(position, 1, $"Expected . or [ here, found {text[position]}.")
            : steps.Count == 0 ? new SyntaxError(position, 0, "The path must lead to a value inside the payload, for example $.device.id.")
            : null;
        path = error is null ? new JsonPath(text, [.. steps]) : null;
        return error is null;
    }

    /// <summary>The value in the payload; false when there is none or the payload is not JSON up to there. JSON's null is a value.</summary>
    internal bool TryFind(ReadOnlySpan<byte> payload, out JsonValue value)
    {
        value = default;
        var scanner = new JsonScanner(payload);
        if (!scanner.Read())
        {
            return false;
        }

        foreach (var step in _steps)
        {
            if (!(step.Name is { } name ? TryMember(ref scanner, name) : TryElement(ref scanner, step.Index)))
            {
                return false;
            }
        }

        return JsonValue.TryRead(ref scanner, payload, out value);
    }

    private static bool TryMember(ref JsonScanner scanner, byte[] name)
    {
        if (scanner.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (scanner.Read() && scanner.TokenType == JsonTokenType.PropertyName)
        {
            if (!scanner.TryNameEquals(name, out var found) || !scanner.Read())
            {
                return false;
            }

            if (found)
            {
                return true;
            }

            if (!scanner.TrySkip())
            {
                return false;
            }
        }

        return false;
    }

    private static bool TryElement(ref JsonScanner scanner, int index)
    {
        if (scanner.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        for (var i = 0; scanner.Read() && scanner.TokenType != JsonTokenType.EndArray; i++)
        {
            if (i == index)
            {
                return true;
            }

            if (!scanner.TrySkip())
            {
                return false;
            }
        }

        return false;
    }
}
