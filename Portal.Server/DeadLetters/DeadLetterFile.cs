using System.Globalization;
using System.Text;
using Portal.Client.Contracts;

namespace Portal.Server.DeadLetters;

/// <summary>
/// Dead letters as a table for spreadsheets (RFC 4180). What a device sent must not become a formula there: a cell that a spreadsheet would
/// take for one begins with an apostrophe.
/// </summary>
internal static class DeadLetterFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string[] Columns =
        ["time", "code", "reason", "mqtt topic", "target", "client", "partition", "offset", "key", "size", "attempts", "passes now", "headers", "value"];

    public static string Csv(IEnumerable<DeadLetterDetails> letters)
    {
        var text = new StringBuilder(string.Join(',', Columns)).Append("\r\n");
        foreach (var one in letters)
        {
            var (letter, record) = (one.Letter, one.Record);
            string?[] cells =
            [
                letter.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                letter.Code,
                letter.Reason,
                letter.MqttTopic,
                letter.Target,
                letter.Client,
                letter.Key.Partition.ToString(CultureInfo.InvariantCulture),
                letter.Key.Offset.ToString(CultureInfo.InvariantCulture),
                Words(record.Key),
                letter.Size.ToString(CultureInfo.InvariantCulture),
                letter.Attempts.ToString(CultureInfo.InvariantCulture),
                one.WouldFail is null ? "yes" : "no",
                string.Join("\n", record.Headers.Select(header => $"{header.Name}: {Words(header.Value)}")),
                Words(record.Value),
            ];
            text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>One cell, safe to be opened.</summary>
    internal static string Cell(string? value)
    {
        var safe = value is { Length: > 0 } && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? $"'{value}" : value ?? "";
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Words(byte[]? bytes)
    {
        try
        {
            return bytes is null ? "" : Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return $"base64:{Convert.ToBase64String(bytes!)}";
        }
    }
}
