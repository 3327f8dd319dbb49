using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Pages.ConnectorTasks.Detail;

/// <summary>The live figures of one MQTT client, rendered and patched under <c>client id/figure</c>.</summary>
public static class ClientFigures
{
    /// <summary>All figures of a client, by their short name.</summary>
    public static IEnumerable<Cell> All(TaskClientLive client) =>
    [
        new(Key(client, "rate"), Rate(client)),
        new(Key(client, "inflight"), InFlight(client)),
        new(Key(client, "oldest"), Oldest(client)),
        new(Key(client, "messages"), Messages(client)),
        new(Key(client, "byqos"), ByQos(client)),
        new(Key(client, "bytes"), Bytes(client)),
        new(Key(client, "reconnects"), Numbers.Count(client.Reconnects)),
    ];

    /// <summary>The key of a figure.</summary>
    public static string Key(TaskClientLive client, string figure) => $"{client.ClientId}/{figure}";

    /// <summary>Messages a second.</summary>
    public static string Rate(TaskClientLive client) => Numbers.Rate(client.ReceivedPerSecond);

    /// <summary>Open deliveries of those that may be open.</summary>
    public static string InFlight(TaskClientLive client) => $"{Numbers.Count(client.InFlight)} of {Numbers.Count(client.Window)}";

    /// <summary>All messages received.</summary>
    public static string Messages(TaskClientLive client) => Numbers.Count(client.ReceivedByQos.Sum());

    /// <summary>Messages received, by QoS.</summary>
    public static string ByQos(TaskClientLive client) =>
        string.Join(" · ", client.ReceivedByQos.Select((count, qos) => $"QoS {qos}: {Numbers.Count(count)}"));

    /// <summary>Bytes read and written.</summary>
    public static string Bytes(TaskClientLive client) =>
        $"{Numbers.Bytes(client.BytesReceived)} in · {Numbers.Bytes(client.BytesSent)} out";

    /// <summary>How long the oldest open delivery has been open.</summary>
    public static string Oldest(TaskClientLive client) => client.OldestOpen is { } open ? Numbers.Duration(open) : "None open";

    /// <summary>Whether only figures differ, so that nothing has to be rendered.</summary>
    public static bool SameWords(IReadOnlyList<TaskClientLive> a, IReadOnlyList<TaskClientLive> b) =>
        a.Count == b.Count
        && a.Zip(b).All(pair => Words(pair.First) == Words(pair.Second) && pair.First.Subscriptions.SequenceEqual(pair.Second.Subscriptions));

    private static TaskClientLive Words(TaskClientLive client) => client with
    {
        Subscriptions = [],
        UserProperties = [],
        ReceivedByQos = [],
        InFlight = 0,
        BytesReceived = 0,
        BytesSent = 0,
        ReceivedPerSecond = 0,
        Reconnects = 0,
    };
}
