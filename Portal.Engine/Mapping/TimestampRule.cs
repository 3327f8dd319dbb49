using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Portal.Engine.Mapping.Headers;
using Portal.Engine.Mapping.Payloads;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping;

/// <summary>
/// Sets a record's timestamp: the time of receipt, or what the message says: milliseconds since 1970, or an ISO 8601 text (in UTC unless
/// it names an offset). A message that does not say it fails: a time made up here would be believed for ever. 0 fails too: librdkafka takes
/// it for none and writes the time of sending. So does what no calendar has: a number in microseconds ends behind the year 9999.
/// </summary>
internal sealed class TimestampRule
{
    private const int Excerpt = 40;
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
    private readonly TimestampSource _source;
    private readonly JsonPath? _path;

    /// <exception cref="ArgumentException">The path is not valid; the validator of specs says so before.</exception>
    public TimestampRule(TimestampSource source, string path)
    {
        _source = source;
        if (source == TimestampSource.PayloadPath)
        {
            _path = JsonPath.TryParse(path, out var parsed, out var error) ? parsed : throw new ArgumentException(error.ToString(), nameof(path));
        }
    }

    /// <returns>Null, or why the timestamp cannot be told; the record then has the time of receipt.</returns>
    public string? Apply(in InboundMessage message, KafkaRecord record)
    {
        record.Timestamp = message.ReceivedAt;
        return _source switch
        {
            TimestampSource.Received => null,
            TimestampSource.MessageTimestamp => FromProperty(message.Properties, record),
            _ => FromPayload(message.Payload, record),
        };
    }

    private static string? FromProperty(ReadOnlySpan<byte> properties, KafkaRecord record)
    {
        if (!UserProperties.TryFind(properties, UserProperties.MessageTimestamp, out var value))
        {
            return "The timestamp is the user property '$__messageTimestamp', which this message does not carry.";
        }

        if (!TryMilliseconds(value, out var timestamp))
        {
            return $"The timestamp is the user property '$__messageTimestamp', and '{Shorten(value)}' is not a number of milliseconds since 1970, above 0.";
        }

        record.Timestamp = timestamp;
        return null;
    }

    private string? FromPayload(ReadOnlySpan<byte> payload, KafkaRecord record)
    {
        if (!_path!.TryFind(payload, out var value) || value.Kind == JsonTokenType.Null)
        {
            return $"The timestamp is the value at {_path.Text}, which this payload does not have, or it is not JSON.";
        }

        if (value.Kind == JsonTokenType.Number ? TryMilliseconds(value.Raw, out var timestamp) : TryText(value, out timestamp))
        {
            record.Timestamp = timestamp;
            return null;
        }

        return $"The timestamp is the value at {_path.Text}, and {Shorten(value.Raw)} is neither a number of milliseconds since 1970, above 0, nor an ISO 8601 time.";
    }

    /// <summary>A number, fractions of a millisecond cut off.</summary>
    internal static bool TryMilliseconds(ReadOnlySpan<byte> text, out long milliseconds)
    {
        if (Utf8Parser.TryParse(text, out milliseconds, out var consumed) && consumed == text.Length)
        {
            return IsTime(milliseconds);
        }

        if (Utf8Parser.TryParse(text, out double number, out consumed) && consumed == text.Length && number is > 0 and < long.MaxValue)
        {
            milliseconds = (long)number;
            return IsTime(milliseconds);
        }

        return false;
    }

    private static bool TryText(in JsonValue value, out long milliseconds)
    {
        milliseconds = 0;
        if (value.Kind != JsonTokenType.String)
        {
            return false;
        }

        if (!value.IsEscaped && TryMilliseconds(value.Inner, out milliseconds))
        {
            return true;
        }

        if (!TryTime(value, out var time))
        {
            return false;
        }

        // Without an offset the reader means this machine's zone, which says nothing about the device.
        var utc = time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
        milliseconds = new DateTimeOffset(utc).ToUnixTimeMilliseconds();
        return IsTime(milliseconds);
    }

    private static bool TryTime(in JsonValue value, out DateTime time)
    {
        if (value.IsEscaped && JsonEscapes.HasHalfPair(value.Inner))
        {
            // No text, and so no time; the reader says so by an exception.
            time = default;
            return false;
        }

        var reader = new Utf8JsonReader(value.Raw);
        reader.Read();
        return reader.TryGetDateTime(out time);
    }

    private static bool IsTime(long milliseconds) => milliseconds > 0 && milliseconds <= Latest;

    private static string Shorten(ReadOnlySpan<byte> text) =>
        text.Length <= Excerpt ? Encoding.UTF8.GetString(text) : $"{Encoding.UTF8.GetString(text[..Excerpt])}…";
}
