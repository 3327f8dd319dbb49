using System.Globalization;
using System.Text;
using Portal.Client.Contracts;
using Portal.Server.Api.Exports;

namespace Portal.Server.Api.Answers;

/// <summary>Events as a table, for example for a spreadsheet.</summary>
internal static class EventTable
{
    private static readonly string[] Columns = ["id", "at_utc", "kind", "severity", "actor", "text"];

    public static string Csv(IReadOnlyList<TaskEvent> events)
    {
        var text = new StringBuilder(CsvText.Line(Columns));
        foreach (var one in events)
        {
            var at = one.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            text.Append(CsvText.Line([$"evt_{one.Id}", at, one.Kind, one.Severity.ToString(), one.Actor, one.Text]));
        }

        return text.ToString();
    }
}
