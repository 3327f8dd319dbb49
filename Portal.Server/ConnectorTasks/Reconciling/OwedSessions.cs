using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.Data.Entities;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>What a change of settings leaves behind at a broker when no pipeline runs that could drain it.</summary>
internal static class OwedSessions
{
    /// <summary>Whether sessions or subscriptions of the former settings would outlive a start with the present ones at the same broker.</summary>
    public static bool LeftBy(ConnectorTaskDraft started, ConnectorTaskDraft present) =>
        started.Clients > present.Clients || LosesTopics(started, present);

    /// <summary>Whether the sessions of before are subscribed to what is not asked for any more.</summary>
    public static bool LosesTopics(ConnectorTaskDraft started, ConnectorTaskDraft present) => started.Topics.Except(present.Topics).Any();

    /// <summary>Whether both name the same broker: one address in common is enough.</summary>
    public static bool SharesBroker(IReadOnlyList<ClusterEndpoint> one, IReadOnlyList<ClusterEndpoint> other) =>
        one.Any(endpoint => other.Any(same => same.Host == endpoint.Host && same.Port == endpoint.Port));

    /// <summary>The clients whose sessions are owed, by index.</summary>
    public static IEnumerable<int> Clients(OwedSession row) => Enumerable.Range(row.FirstClient, Count(row));

    /// <summary>How many they are.</summary>
    public static int Count(OwedSession row) => Math.Max(0, row.Settings.Clients - row.FirstClient);

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
        !LosesTopics(startedWith, present)
            ? started with { Clients = [.. started.Clients.Where(index => index >= present.Clients)] }
            : started;
}
