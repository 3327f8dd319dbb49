using System.Text.Json;

namespace Portal.Engine.Mapping.Payloads;

/// <summary>A value where it stands in a payload.</summary>
/// <param name="kind">String, Number, True, False, Null, StartObject or StartArray.</param>
/// <param name="isEscaped">Whether a string has escape sequences.</param>
/// <param name="raw">The bytes as they stand, strings with their quotes.</param>
internal readonly ref struct JsonValue(JsonTokenType kind, bool isEscaped, ReadOnlySpan<byte> raw)
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    private static ReadOnlySpan<byte> FirstInObject => "\"}"u8;

    private static ReadOnlySpan<byte> FirstInArray => "\"{[]-0123456789tfn"u8;

    public JsonTokenType Kind { get; } = kind;

    public bool IsEscaped { get; } = isEscaped;

    public ReadOnlySpan<byte> Raw { get; } = raw;

    /// <summary>A string without its quotes; escape sequences still as they stand.</summary>
    public ReadOnlySpan<byte> Inner => Raw[1..^1];

    /// <summary>
    /// Cheap check before a reader is set on something else than JSON, since it says so by an exception: also the first character inside must
    /// be possible there, which those of <c>[INFO] started</c> and <c>{t=3}</c> are not.
    /// </summary>
    public static bool MayBeContainer(ReadOnlySpan<byte> payload)
    {
        var start = payload.IndexOfAnyExcept(Blanks);
        if (start < 0 || payload[start] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }

        var inside = payload[(start + 1)..];
        var first = inside.IndexOfAnyExcept(Blanks);
        return first >= 0 && (payload[start] == '{' ? FirstInObject : FirstInArray).Contains(inside[first]);
    }

    /// <summary>Takes the value that the reader stands on; false when the payload is cut inside it.</summary>
    public static bool TryRead(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, out JsonValue value)
    {
        value = default;
        var kind = reader.TokenType;
        var escaped = reader.ValueIsEscaped;
        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
        {
            return false;
        }

        value = new JsonValue(kind, escaped, payload[start..(int)reader.BytesConsumed]);
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

    /// <summary>Writes a string without its escapes; no longer than <see cref="Raw"/>. False for half surrogates.</summary>
    public bool TryUnescape(Span<byte> room, out int length)
    {
        var reader = new Utf8JsonReader(Raw);
        reader.Read();
        try
        {
            length = reader.CopyString(room);
            return true;
        }
        catch (InvalidOperationException)
        {
            length = 0;
            return false;
        }
    }
}
