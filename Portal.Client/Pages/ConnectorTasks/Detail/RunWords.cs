using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail;

/// <summary>What a task is doing, in words beside its status.</summary>
public static class RunWords
{
    /// <summary>How long it has run, or since when it rests.</summary>
    public static string Uptime(ConnectorTaskLive live, DateTimeOffset now) => live switch
    {
        { Status: ConnectorTaskStatus.Paused } => $"paused for {Numbers.Duration(now - live.Since)}",
        { RunStartedAt: { } started } => $"running for {Numbers.Duration(now - started)}",
        _ => "not running",
    };

    /// <summary>Who has to act, or null while all is well.</summary>
    public static string? WhoActs(ConnectorTaskLive live) => live switch
    {
        { NeedsYou: true } => "Needs you",
        { Status: ConnectorTaskStatus.Recovering or ConnectorTaskStatus.Blocked or ConnectorTaskStatus.Degraded } => "Recovers by itself",
        _ => null,
    };
}
