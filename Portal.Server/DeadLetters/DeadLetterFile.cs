using System.Globalization;
using System.Text;
using Portal.Client.Contracts;
using Portal.Server.Api.Exports;

namespace Portal.Server.DeadLetters;

/// <summary>Dead letters as a table for spreadsheets. What a device sent must not become a formula there; <see cref="CsvText"/> sees to that.</summary>
internal static class DeadLetterFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly string[] Columns =
        ["time", "code", "reason", "mqtt topic", "target", "client", "partition", "offset", "key", "size", "attempts", "passes now", "headers", "value"];

    public static string Csv(IEnumerable<DeadLetterDetails> letters)
    {
        var text = new StringBuilder(CsvText.Line(Columns));
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
            text.Append(CsvText.Line(cells));
        }

        return text.ToString();
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
