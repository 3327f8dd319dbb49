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
        new("reconnects", "Reconnects", "right", "reconnects", Room: "only-wider"),
        new("ended", "Last disconnect", IsShown: false),
    ];

    /// <summary>The orders of the list, with their words.</summary>
    public static IReadOnlyList<(string Key, string Word)> Sorts { get; } =
        [("client", "Client"), .. from column in All where column.Sort is not null select (column.Sort!, column.Word)];
}
