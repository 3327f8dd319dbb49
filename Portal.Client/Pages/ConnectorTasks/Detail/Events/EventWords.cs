using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail.Events;

/// <summary>Words and links of events.</summary>
public static class EventWords
{
    /// <summary>What a kind is called.</summary>
    public static string Kind(string kind) => kind switch
    {
        "RunEnded" => "Run ended",
        "Config" => "Settings",
        _ => kind,
    };

    /// <summary>The query of the shortest range of charts that still shows a time; of the longest where none does.</summary>
    public static string ChartQuery(DateTimeOffset at, DateTimeOffset now)
    {
        var range = HistoryRange.All.FirstOrDefault(one => now - at < one.Length) ?? HistoryRange.All[^1];
        return range == HistoryRange.Default ? "" : $"?range={range.Code}";
    }
}
