using Portal.Client.Components.Lists.Columns;

namespace Portal.Client.Pages.ConnectorTasks.List;

/// <summary>The columns of the task list beside the name, which is always there.</summary>
public static class ConnectorTaskColumns
{
    /// <summary>In order.</summary>
    public static IReadOnlyList<ListColumn> All { get; } =
    [
        new("status", "Status"),
        new("source", "Source", Sort: "source"),
        new("target", "Target", Sort: "target"),
        new("in", "In msg/s", "right", "in"),
        new("out", "Out", "right", "out", Room: "only-roomy"),
        new("open", "Open", "right", "open", Room: "only-roomy"),
        new("backlog", "Backlog", "right", "backlog", Room: "only-widest"),
        new("dead", "Dead", "right", "dead"),
        new("clients", "Clients", Sort: "clients"),
        new("error", "Last error", Room: "only-widest"),
        new("updated", "Updated", Sort: "updated", Room: "only-medium"),
        new("created", "Created", Sort: "created", Room: "only-widest"),
        new("delivered", "Delivered", "right", IsShown: false),
        new("latency", "Latency p95", "right", IsShown: false),
        new("region", "Region", IsShown: false),
        new("qos", "QoS", "right", IsShown: false),
        new("description", "Description", IsShown: false),
    ];
}
