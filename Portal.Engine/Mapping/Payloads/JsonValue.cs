using System.Text.Json;
using System.Text.Unicode;

namespace Portal.Engine.Mapping.Payloads;

/// <summary>A value where it stands in a payload.</summary>
/// <param name="kind">String, Number, True, False, Null, StartObject or StartArray.</param>
/// <param name="isEscaped">Whether a string has escape sequences.</param>
/// <param name="raw">The bytes as they stand, strings with their quotes.</param>
internal readonly ref struct JsonValue(JsonTokenType kind, bool isEscaped, ReadOnlySpan<byte> raw)
{
    public JsonTokenType Kind { get; } = kind;

    public bool IsEscaped { get; } = isEscaped;

    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>A string without its quotes; escape sequences still as they stand.</summary>
    public ReadOnlySpan<byte> Inner => Raw[1..^1];

    /// <summary>Takes the value that the scanner stands on; false when the payload is cut inside it.</summary>
    public static bool TryRead(scoped ref JsonScanner scanner, ReadOnlySpan<byte> payload, out JsonValue value)
    {
        value = default;
        var kind = scanner.TokenType;
        var escaped = scanner.IsEscaped;
        var start = scanner.TokenStart;
        if (!scanner.TrySkip())
        {
            return false;
        }

        value = new JsonValue(kind, escaped, payload[start..scanner.Consumed]);
        return true;
    }

    /// <summary>The value as text: a string without quotes and escapes, all else as it stands in the payload. False for null and for half surrogates.</summary>
    public bool TryText(KafkaRecord record)
    {
        if (Kind == JsonTokenType.Null)
        {
            return false;
        }

        if (!IsEscaped)
        {
            record.Append(Kind == JsonTokenType.String ? Inner : Raw);
            return true;
        }

        if (!TryUnescape(record.Reserve(Raw.Length), out var length))
        {
            return false;
        }

        record.Commit(length);
        return true;
    }

    /// <summary>Writes a string without its escapes; no longer than <see cref="Raw"/>. False for half surrogates and for what is not UTF-8.</summary>
    public bool TryUnescape(Span<byte> room, out int length)
    {
        length = 0;
        if (JsonEscapes.HasHalfPair(Inner) || !Utf8.IsValid(Inner))
        {
            // The reader says so by an exception.
            return false;
        }

        var reader = new Utf8JsonReader(Raw);
        reader.Read();
        length = reader.CopyString(room);
        return true;
    }
}
