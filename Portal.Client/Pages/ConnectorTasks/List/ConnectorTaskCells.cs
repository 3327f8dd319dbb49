using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Pages.ConnectorTasks.List;

/// <summary>
/// The live figures of a row of the task list: the words that it is rendered with, and those that are patched into it later.
/// </summary>
public static class ConnectorTaskCells
{
    /// <summary>Of all tasks together, above the list.</summary>
    public const string TotalIn = "tasks/in";

    /// <summary>Of all tasks together, above the list.</summary>
    public const string TotalOut = "tasks/out";

    /// <summary>The cells of one row.</summary>
    public static IEnumerable<Cell> Of(ConnectorTaskLive live) =>
    [
        new(In(live.Id), Numbers.Rate(live.InPerSecond), live.InPerSecond),
        new(Out(live.Id), Numbers.Rate(live.OutPerSecond)),
        new(Open(live.Id), Numbers.Count(live.Books.Open)),
        new(Backlog(live.Id), BacklogText(live)),
        new(Dead(live.Id), Numbers.Count(live.Books.DeadLettered)),
        new(Clients(live.Id), ClientsText(live)),
        new(Delivered(live.Id), Numbers.Count(live.Books.Delivered)),
        new(Latency(live.Id), LatencyText(live)),
    ];

    /// <summary>The key of the column that a cell of a row stands in. What no column shows is not worth its bytes.</summary>
    public static string ColumnOf(Cell cell) => cell.Key[(cell.Key.LastIndexOf('/') + 1)..];

    /// <summary>The rate in, and its sparkline.</summary>
    public static string In(string id) => $"{id}/in";

    /// <summary>The rate out.</summary>
    public static string Out(string id) => $"{id}/out";

    /// <summary>Open deliveries.</summary>
    public static string Open(string id) => $"{id}/open";

    /// <summary>Messages that wait at the broker.</summary>
    public static string Backlog(string id) => $"{id}/backlog";

    /// <summary>How many, where the broker tells.</summary>
    public static string BacklogText(ConnectorTaskLive live) => live.Backlog is { } waiting ? Numbers.Count(waiting) : Numbers.Unknown;

    /// <summary>Dead letters.</summary>
    public static string Dead(string id) => $"{id}/dead";

    /// <summary>Clients online of those asked for.</summary>
    public static string Clients(string id) => $"{id}/clients";

    /// <summary>Messages that Kafka has confirmed.</summary>
    public static string Delivered(string id) => $"{id}/delivered";

    /// <summary>The 95th percentile.</summary>
    public static string Latency(string id) => $"{id}/latency";

    /// <summary>For example <c>12 ms</c>.</summary>
    public static string LatencyText(ConnectorTaskLive live) =>
        live.LatencyP95 is { } milliseconds ? Numbers.Duration(TimeSpan.FromMilliseconds(milliseconds)) : Numbers.Unknown;

    /// <summary>For example <c>3/4</c>.</summary>
    public static string ClientsText(ConnectorTaskLive live) => $"{live.ClientsOnline}/{live.ClientsAsked}";
}
