using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Pages.Clients;

/// <summary>The live figures of one MQTT client, rendered and patched under <c>client id/figure</c>.</summary>
public static class ClientFigures
{
    /// <summary>The figures of a client that stand on the page.</summary>
    /// <param name="client">The client.</param>
    /// <param name="isOpen">Whether its details are shown.</param>
    public static IEnumerable<Cell> All(TaskClientLive client, bool isOpen)
    {
        Cell[] row =
        [
            new(Key(client, "rate"), Rate(client)),
            new(Key(client, "out"), Out(client)),
            new(Key(client, "inflight"), InFlight(client)),
            new(Key(client, "messages"), Messages(client)),
            new(Key(client, "bytes"), Bytes(client)),
            new(Key(client, "reconnects"), Numbers.Count(client.Reconnects)),
        ];
        return isOpen
            ?
            [
                .. row,
                new(Key(client, "oldest"), Oldest(client)),
                new(Key(client, "latency"), Latency(client)),
                new(Key(client, "publishlatency"), PublishLatency(client)),
                new(Key(client, "byqos"), ByQos(client)),
                new(Key(client, "books"), Books(client)),
            ]
            : row;
    }

    /// <summary>The key of a figure.</summary>
    public static string Key(TaskClientLive client, string figure) => $"{client.ClientId}/{figure}";

    /// <summary>Why it is not online, or null. One that ends in order has none: what ended its session before is not why it ends now.</summary>
    public static string? Cause(TaskClientLive client) => client.Status is LiveClientStatus.Connecting or LiveClientStatus.Waiting ? client.LastError : null;

    /// <summary>Messages a second.</summary>
    public static string Rate(TaskClientLive client) => Numbers.Rate(client.ReceivedPerSecond);

    /// <summary>Messages a second that Kafka confirmed.</summary>
    public static string Out(TaskClientLive client) => Numbers.Rate(client.ConfirmedPerSecond);

    /// <summary>Open deliveries of those that may be open.</summary>
    public static string InFlight(TaskClientLive client) => $"{Numbers.Count(client.InFlight)} of {Numbers.Count(client.Window)}";

    /// <summary>All messages received.</summary>
    public static string Messages(TaskClientLive client) => Numbers.Count(client.ReceivedByQos.Sum());

    /// <summary>Messages received, by QoS.</summary>
    public static string ByQos(TaskClientLive client) =>
        string.Join(" · ", client.ReceivedByQos.Select((count, qos) => $"QoS {qos}: {Numbers.Count(count)}"));

    /// <summary>What became of its messages: the terms that are not zero, and what the sum misses, if it ever does.</summary>
    public static string Books(TaskClientLive client)
    {
        var books = client.Books;
        (long Count, string Word)[] terms =
        [
            (books.Delivered, "delivered"), (books.DeadLettered, "dead letters"), (books.Filtered, "filtered"), (books.Expired, "expired"),
            (books.Discarded, "discarded"), (books.Abandoned, "abandoned"), (books.Open, "open"), (books.Unaccounted, "unaccounted for"),
        ];
        var sum = string.Join(" + ", terms.Where(term => term.Count != 0).Select(term => $"{Numbers.Count(term.Count)} {term.Word}"));
        return sum.Length == 0 ? "Nothing received" : $"{Numbers.Count(books.Received)} = {sum}";
    }

    /// <summary>Bytes read and written.</summary>
    public static string Bytes(TaskClientLive client) =>
        $"{Numbers.Bytes(client.BytesReceived)} in · {Numbers.Bytes(client.BytesSent)} out";

    /// <summary>How long the oldest open delivery has been open.</summary>
    public static string Oldest(TaskClientLive client) => client.OldestOpen is { } open ? Numbers.Duration(open) : "None open";

    /// <summary>How long its messages of the last minute took from their receipt to Kafka's acknowledgement.</summary>
    public static string Latency(TaskClientLive client) =>
        Percentiles(client.LatencyP50, client.LatencyP95, client.LatencyP99) ?? "Nothing delivered in the last minute";

    /// <summary>The same from their publishing, where they tell when that was.</summary>
    public static string PublishLatency(TaskClientLive client) =>
        Percentiles(client.PublishLatencyP50, client.PublishLatencyP95, client.PublishLatencyP99) ?? "Not told by messages of the last minute";

    /// <summary>Whether only figures differ, so that nothing has to be rendered.</summary>
    public static bool SameWords(IReadOnlyList<TaskClientLive> a, IReadOnlyList<TaskClientLive> b) =>
        a.Count == b.Count
        && a.Zip(b).All(pair => Words(pair.First) == Words(pair.Second) && pair.First.Subscriptions.SequenceEqual(pair.Second.Subscriptions));

    private static string? Percentiles(double? p50, double? p95, double? p99) =>
        (p50, p95, p99) is ({ } low, { } high, { } highest) ? $"p50 {Duration(low)} · p95 {Duration(high)} · p99 {Duration(highest)}" : null;

    private static string Duration(double milliseconds) => Numbers.Duration(TimeSpan.FromMilliseconds(milliseconds));

    private static TaskClientLive Words(TaskClientLive client) => client with
    {
        Subscriptions = [],
        UserProperties = [],
        ReceivedByQos = [],
        Books = TaskBooks.Empty,
        OldestOpen = null,
        LatencyP50 = null,
        LatencyP95 = null,
        LatencyP99 = null,
        PublishLatencyP50 = null,
        PublishLatencyP95 = null,
        PublishLatencyP99 = null,
        BytesReceived = 0,
        BytesSent = 0,
        ReceivedPerSecond = 0,
        ConfirmedPerSecond = 0,
        Reconnects = 0,
    };
}
