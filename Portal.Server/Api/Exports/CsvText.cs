using System.Globalization;
using System.Text;

namespace Portal.Server.Api.Exports;

/// <summary>
/// Lines of CSV (RFC 4180) that a spreadsheet opens without harm: what it would take for a formula gets an apostrophe before it. A name may
/// be chosen by whoever sends messages, and a formula in it would run on the machine of whoever reads.
/// </summary>
internal static class CsvText
{
    private static readonly char[] Quoted = ['"', ',', '\n', '\r'];

    public static string Line(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            string words => Harmless(words),
            DateTimeOffset at => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => Harmless(value.ToString() ?? ""),
        };
        return text.IndexOfAny(Quoted) < 0 ? text : new StringBuilder(text).Replace("\"", "\"\"").Insert(0, '"').Append('"').ToString();
    }

    // Spaces before the sign do not keep a spreadsheet from reading a formula.
    private static string Harmless(string text) => text.TrimStart() is ['=' or '+' or '-' or '@', ..] || text is ['\t' or '\r' or '\n', ..] ? $"'{text}" : text;
}
