using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.Client.Components.Records;

/// <summary>Bytes of a record as a person can read them.</summary>
public static class PayloadText
{
    private const int HexWidth = 16;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Relaxed: the text is shown as text and never put into a script, and ä is easier to read than its escape.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text, or null when the bytes are not UTF-8 or hold control characters that no text has.</summary>
    public static string? Text(byte[] bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            return text.Any(character => char.IsControl(character) && character is not ('\n' or '\r' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>One line for a table: the text, else hexadecimal digits, cut to <paramref name="most"/> characters.</summary>
    public static string Line(byte[] bytes, int most)
    {
        // Four bytes at most are one character: what lies behind is not looked at.
        var head = bytes.Length > 4 * most ? Whole(bytes[..(4 * most)]) : bytes;
        var line = Text(head)?.ReplaceLineEndings(" ") ?? Convert.ToHexStringLower(head);
        return line.Length > most || head.Length < bytes.Length ? string.Concat(line.AsSpan(0, Math.Min(most, line.Length)), "…") : line;
    }

    /// <summary>The bytes as indented JSON; or null, and why they are none.</summary>
    public static (string? Json, string? Why) Json(byte[] bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return (JsonSerializer.Serialize(document, Indented), null);
        }
        catch (JsonException wrong)
        {
            return (null, wrong.LineNumber is { } line && wrong.BytePositionInLine is { } position
                ? $"This is not JSON: line {line + 1}, byte {position + 1} does not fit."
                : "This is not JSON.");
        }
    }

    /// <summary>Lines of 16 bytes: their offset, their digits, and what of them is printable.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="most">How many of them to show.</param>
    public static string Hex(byte[] bytes, int most)
    {
        var text = new StringBuilder();
        for (var start = 0; start < Math.Min(bytes.Length, most); start += HexWidth)
        {
            var line = bytes.AsSpan(start, Math.Min(HexWidth, bytes.Length - start));
            text.Append(text.Length > 0 ? "\n" : "").Append(CultureInfo.InvariantCulture, $"{start:x8}  ");
            for (var i = 0; i < HexWidth; i++)
            {
                text.Append(i < line.Length ? line[i].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(i == 7 ? "  " : " ");
            }

            text.Append(' ');
            foreach (var one in line)
            {
                text.Append(one is >= 0x20 and < 0x7f ? (char)one : '.');
            }
        }

        return text.ToString();
    }

    /// <summary>Without the character that the cut went through.</summary>
    private static byte[] Whole(byte[] cut)
    {
        var end = cut.Length;
        while (end > 0 && cut.Length - end < 3 && (cut[end - 1] & 0xC0) == 0x80)
        {
            end--;
        }

        return end > 0 && cut[end - 1] >= 0xC0 ? cut[..(end - 1)] : cut;
    }
}
