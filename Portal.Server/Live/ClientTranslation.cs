using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Live.Roster;

namespace Portal.Server.Live;

/// <summary>From the engine's photo of a client to what pages and the hub show.</summary>
internal static class ClientTranslation
{
    public static TaskClientsLive Of(string taskId, PipelineSnapshot? photo) =>
        new(taskId, photo is null ? [] : [.. photo.Clients.Select(Of)]);

    public static LiveClientStatus StatusOf(TaskClientSnapshot client) => client.Status switch
    {
        TaskClientStatus.Connecting => LiveClientStatus.Connecting,
        TaskClientStatus.Online => LiveClientStatus.Online,
        TaskClientStatus.Waiting => LiveClientStatus.Waiting,
        TaskClientStatus.Draining => LiveClientStatus.Draining,
        _ => LiveClientStatus.Closed,
    };

    public static TaskClientLive Of(TaskClientSnapshot client) => new()
    {
        ClientId = client.ClientId,
        Status = StatusOf(client),
        Endpoint = client.Endpoint,
        Host = client.LocalAddress,
        ProtocolVersion = client.ProtocolVersion,
        KeepAliveSeconds = (int)client.KeepAlive.TotalSeconds,
        CleanSession = client.CleanSession,
        SessionExpirySeconds = (long?)client.SessionExpiry?.TotalSeconds,
        SessionPresent = client.SessionPresent,
        CreatedAt = client.CreatedAt,
        ConnectedAt = client.ConnectedAt,
        DisconnectedAt = client.DisconnectedAt,
        NextAttemptAt = client.NextAttemptAt,
        Attempt = client.Attempt,
        Subscriptions = [.. client.Subscriptions.Select(one => new LiveSubscription(one.Filter, one.Qos, one.GrantedQos, one.Refusal))],
        UserProperties = client.UserProperties,
        Books = TaskBooks.Empty.Plus(client.Books),
        OldestOpen = client.OldestOpen,
        LatencyP50 = TaskTranslation.Rounded(client.Latency.P50),
        LatencyP95 = TaskTranslation.Rounded(client.Latency.P95),
        LatencyP99 = TaskTranslation.Rounded(client.Latency.P99),
        PublishLatencyP50 = TaskTranslation.Rounded(client.PublishLatency.P50),
        PublishLatencyP95 = TaskTranslation.Rounded(client.PublishLatency.P95),
        PublishLatencyP99 = TaskTranslation.Rounded(client.PublishLatency.P99),
        Window = client.Window,
        ReceivedByQos = client.ReceivedByQos,
        BytesReceived = client.BytesReceived,
        BytesSent = client.BytesSent,
        ReceivedPerSecond = Math.Round(client.ReceivedPerSecond, 1),
        ConfirmedPerSecond = Math.Round(client.ConfirmedPerSecond, 1),
        Reconnects = client.Reconnects,
        LastError = client.LastError,
    };

    /// <summary>Whether both would look the same to a person; lists are compared by content.</summary>
    public static bool SameAs(this TaskClientsLive one, TaskClientsLive other) =>
        one.TaskId == other.TaskId
        && one.Clients.Count == other.Clients.Count
        && one.Clients.Zip(other.Clients).All(pair => pair.First.SameAs(pair.Second));

    private static bool SameAs(this TaskClientLive one, TaskClientLive other) =>
        one with { Subscriptions = other.Subscriptions, UserProperties = other.UserProperties, ReceivedByQos = other.ReceivedByQos } == other
        && one.Subscriptions.SequenceEqual(other.Subscriptions)
        && one.UserProperties.SequenceEqual(other.UserProperties)
        && one.ReceivedByQos.SequenceEqual(other.ReceivedByQos);
}
