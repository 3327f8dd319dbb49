namespace Portal.Client.Contracts;

/// <summary>A stretch of the stored history that ends now.</summary>
/// <param name="Code">How addresses name it, for example <c>1h</c>.</param>
/// <param name="Label">How people name it.</param>
/// <param name="Length">How long it is.</param>
public sealed record HistoryRange(string Code, string Label, TimeSpan Length)
{
    /// <summary>All that can be chosen, the shortest first.</summary>
    public static IReadOnlyList<HistoryRange> All { get; } =
    [
        new("15m", "15 min", TimeSpan.FromMinutes(15)),
        new("1h", "1 h", TimeSpan.FromHours(1)),
        new("6h", "6 h", TimeSpan.FromHours(6)),
        new("24h", "24 h", TimeSpan.FromHours(24)),
        new("7d", "7 d", TimeSpan.FromDays(7)),
    ];

    /// <summary>The last hour, where nothing else was chosen.</summary>
    public static HistoryRange Default => All[1];

    /// <summary>The range of a code, or null.</summary>
    public static HistoryRange? Find(string? code) => All.FirstOrDefault(range => range.Code == code);
}

/// <summary>
/// What flowed in one step of time. Counts are those of the step, so that the sum over steps is what flowed in all of them, whatever their
/// length. A step in which the server was off has no point; a step in which it ran and nothing flowed has one with zeros.
/// </summary>
public sealed record HistoryPoint
{
    /// <summary>The beginning of the step.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Seconds of the step in which the server looked; less than the step at its start, its end, and in a step that still goes on.</summary>
    public required int Seconds { get; init; }

    /// <summary>Messages received.</summary>
    public long Received { get; init; }

    /// <summary>Messages confirmed by Kafka, dead letters among them.</summary>
    public long Confirmed { get; init; }

    /// <summary>Payload bytes received.</summary>
    public long Bytes { get; init; }

    /// <summary>The most that was open at an end of five seconds.</summary>
    public long Open { get; init; }

    /// <summary>
    /// Milliseconds from PUBLISH to Kafka's acknowledgement, 50th percentile; in steps longer than 5 s the mean, weighted by deliveries. Null
    /// where nothing was confirmed.
    /// </summary>
    public double? LatencyP50 { get; init; }

    /// <summary>The 95th percentile; in steps longer than 5 s the highest.</summary>
    public double? LatencyP95 { get; init; }

    /// <summary>The 99th percentile; in steps longer than 5 s the highest.</summary>
    public double? LatencyP99 { get; init; }

    /// <summary>Messages that ended in the dead-letter topic.</summary>
    public long DeadLettered { get; init; }

    /// <summary>Messages given up by the failure policy, or dropped at QoS 0.</summary>
    public long Discarded { get; init; }

    /// <summary>Messages whose MQTT expiry had passed.</summary>
    public long Expired { get; init; }

    /// <summary>Messages that were open when their session was lost.</summary>
    public long Abandoned { get; init; }

    /// <summary>Sessions begun after the first of each client.</summary>
    public long Reconnects { get; init; }

    /// <summary>Messages a second received.</summary>
    public double InPerSecond => Seconds == 0 ? 0 : (double)Received / Seconds;

    /// <summary>Messages a second confirmed.</summary>
    public double OutPerSecond => Seconds == 0 ? 0 : (double)Confirmed / Seconds;

    /// <summary>Payload bytes a second received.</summary>
    public double BytesPerSecond => Seconds == 0 ? 0 : (double)Bytes / Seconds;
}

/// <summary>The stored figures of a stretch of time.</summary>
/// <param name="Step">The length of each step; chosen by the range, 5 s, 1 min or 10 min.</param>
/// <param name="From">Where the stretch begins.</param>
/// <param name="To">Where it ends: now.</param>
/// <param name="Points">Oldest first. Where there is none, nobody looked.</param>
public sealed record FigureHistory(TimeSpan Step, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<HistoryPoint> Points);

/// <summary>The stored history of figures. Open to everybody who is signed in.</summary>
public interface IHistoryService
{
    /// <summary>
    /// The figures of one task, or null when there is no such task. With <paramref name="since"/> only the points that begin there or later:
    /// the last one seen grows until its step is over, so a page asks again from it.
    /// </summary>
    Task<FigureHistory?> OfTaskAsync(string id, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken);

    /// <summary>The sums over all tasks, or over those of one region; latencies are those of tasks, and null here.</summary>
    Task<FigureHistory> OfAllAsync(string? region, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken);
}
