using System.Text;
using Portal.Client.Contracts;

namespace Portal.Server.Api.Answers;

/// <summary>Events as a table, for example for a spreadsheet.</summary>
internal static class EventTable
{
    public static string Csv(IReadOnlyList<TaskEvent> events)
    {
        var text = new StringBuilder("id,at_utc,kind,severity,actor,text\n");
        foreach (var one in events)
        {
            text.Append($"evt_{one.Id},{one.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ},{one.Kind},{one.Severity},{Quoted(one.Actor)},{Quoted(one.Text)}\n");
        }

        return text.ToString();
    }

    // A text that begins like a formula would be one to a spreadsheet; RFC 4180 says how to quote.
    private static string Quoted(string? text) => text switch
    {
        null or "" => "",
        _ when text[0] is '=' or '+' or '-' or '@' => $"\"'{text.Replace("\"", "\"\"")}\"",
        _ => $"\"{text.Replace("\"", "\"\"")}\"",
    };
}
