using Portal.Client.Contracts;
using Portal.Engine.Specs;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>What a change of settings leaves behind at a broker when no pipeline runs that could drain it.</summary>
internal static class OwedSessions
{
    /// <summary>Whether sessions or subscriptions of the former settings would outlive a start with the present ones.</summary>
    public static bool LeftBy(ConnectorTaskDraft started, ConnectorTaskDraft present) =>
        started.ConnectionId != present.ConnectionId
        || started.Clients > present.Clients
        || started.Topics.Except(present.Topics).Any();

    /// <summary>Whether the same clients subscribe to the same: then nothing new is to be remembered.</summary>
    public static bool SameSessions(ConnectorTaskDraft? started, ConnectorTaskDraft present) =>
        started is not null
        && started.ConnectionId == present.ConnectionId
        && started.Clients == present.Clients
        && started.Topics.SequenceEqual(present.Topics);

    /// <summary>What the broker may hold while a pipeline with the one settings gives way to one with the other.</summary>
    public static ConnectorTaskDraft Both(ConnectorTaskDraft started, ConnectorTaskDraft present) => present with
    {
        Clients = Math.Max(started.Clients, present.Clients),
        Topics = [.. present.Topics.Union(started.Topics)],
        CleanSession = started.CleanSession && present.CleanSession,
    };

    /// <summary>Whether what was started is all in motion, so that replacing it tells of every session that is left.</summary>
    public static bool AllIn(PipelineSpec runs, ConnectorTaskDraft started) =>
        runs.Clients.Count >= started.Clients && !started.Topics.Except(runs.Source.Group.Filters).Any();

    /// <summary>The clients whose sessions must end: all, or only those that are too many.</summary>
    public static PipelineSpec ToEnd(PipelineSpec started, ConnectorTaskDraft startedWith, ConnectorTaskDraft present) =>
        startedWith.ConnectionId == present.ConnectionId && !startedWith.Topics.Except(present.Topics).Any()
            ? started with { Clients = [.. started.Clients.Where(index => index >= present.Clients)] }
            : started;
}
