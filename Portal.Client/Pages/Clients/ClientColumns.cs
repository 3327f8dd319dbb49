using Portal.Client.Components.Lists.Columns;

namespace Portal.Client.Pages.Clients;

/// <summary>The columns of the client list beside the client id, which is always there.</summary>
public static class ClientColumns
{
    /// <summary>In order.</summary>
    public static IReadOnlyList<ListColumn> All { get; } =
    [
        new("status", "Status", Sort: "status"),
        new("task", "Task", Sort: "task"),
        new("user", "User", Sort: "user", Room: "only-widest"),
        new("host", "Host", Sort: "host", Room: "only-roomy"),
        new("node", "Node", IsShown: false),
        new("protocol", "Protocol", IsShown: false),
        new("connected", "Connected", Sort: "connected"),
        new("keepalive", "Keep alive", "right", IsShown: false),
        new("expiry", "Session expiry", "right", IsShown: false),
        new("granted", "Subscriptions", Room: "only-wider"),
        new("inflight", "In flight", "right", "inflight"),
        new("rate", "In msg/s", "right", "rate"),
        new("out", "Out", "right", "out", Room: "only-widest"),
        new("messages", "Messages", "right", IsShown: false),
        new("bytes", "Traffic", "right", IsShown: false, Room: "only-wider"),
        new("reconnects", "Reconnects", "right", "reconnects", Room: "only-wider"),
        new("ended", "Last disconnect", IsShown: false),
    ];

    /// <summary>On the page of one task: what is the same for all of its clients gives way to the figures of each.</summary>
    public static IReadOnlyList<ListColumn> OfTask { get; } =
    [
        .. from column in All
           where column.Key is not ("task" or "user")
           select column.Key is "messages" or "bytes" ? column with { IsShown = true } : column,
    ];

    /// <summary>The orders of a list with these columns, with their words.</summary>
    public static IReadOnlyList<(string Key, string Word)> SortsOf(IReadOnlyList<ListColumn> columns) =>
        [("client", "Client"), .. from column in columns where column.Sort is not null select (column.Sort!, column.Word)];
}
