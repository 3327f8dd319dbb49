using System.Diagnostics.Metrics;
using Portal.Engine.Pipelines;

namespace Portal.Engine.Telemetry;

/// <summary>
/// The engine's instruments, one method per fact. The meter is <c>ConnectorPortal.Engine</c>. The only tag is the outcome: a tag per
/// connector task would grow without bound; figures per task are in the snapshots.
/// </summary>
/// <remarks>Fed once a second from the books, so that counting costs the message path nothing.</remarks>
public sealed class EngineMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "ConnectorPortal.Engine";

    private readonly Counter<long> _received;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _bytes;
    private readonly UpDownCounter<long> _open;
    private readonly UpDownCounter<long> _pipelines;
    private readonly UpDownCounter<long> _sessions;
    private readonly Counter<long> _sessionsLost;
    private readonly Histogram<double> _delivery;
    private readonly Histogram<double> _sincePublished;

    /// <summary>Makes the instruments.</summary>
    public EngineMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        _received = meter.CreateCounter<long>("connector.messages.received", "{message}", "PUBLISH packets received.");
        _settled = meter.CreateCounter<long>("connector.messages.settled", "{message}", "Messages that reached an outcome.");
        _bytes = meter.CreateCounter<long>("connector.payload.received", "By", "Payload bytes received.");
        _open = meter.CreateUpDownCounter<long>("connector.messages.open", "{message}", "Received, not yet settled.");
        _pipelines = meter.CreateUpDownCounter<long>("connector.pipelines", "{pipeline}", "Pipelines in motion.");
        _sessions = meter.CreateUpDownCounter<long>("connector.sessions", "{session}", "MQTT sessions that are connected.");
        _sessionsLost = meter.CreateCounter<long>("connector.sessions.lost", "{session}", "MQTT sessions that ended unasked.");
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600] };
        _delivery = meter.CreateHistogram(
            "connector.delivery.duration", "s", "From PUBLISH received to Kafka's acknowledgement; one message of each batch of reports.", tags: null, advice: buckets);
        _sincePublished = meter.CreateHistogram(
            "connector.delivery.since_published.duration", "s", "From the message's own time of publishing to Kafka's acknowledgement; a sample.", tags: null, advice: buckets);
    }

    internal void Delivered(TimeSpan duration) => _delivery.Record(duration.TotalSeconds);

    internal void DeliveredSincePublished(TimeSpan duration) => _sincePublished.Record(duration.TotalSeconds);

    internal void PipelineBegan() => _pipelines.Add(1);

    internal void PipelineEnded() => _pipelines.Add(-1);

    internal void SessionBegan() => _sessions.Add(1);

    internal void SessionEnded(bool asked)
    {
        _sessions.Add(-1);
        if (!asked)
        {
            _sessionsLost.Add(1);
        }
    }

    internal void BooksMoved(in PipelineBooks from, in PipelineBooks to, long bytes)
    {
        _received.Add(to.Received - from.Received);
        _bytes.Add(bytes);
        _open.Add(to.Open - from.Open);
        Settled("delivered", to.Delivered - from.Delivered);
        Settled("dead_lettered", to.DeadLettered - from.DeadLettered);
        Settled("filtered", to.Filtered - from.Filtered);
        Settled("expired", to.Expired - from.Expired);
        Settled("discarded", to.Discarded - from.Discarded);
        Settled("abandoned", to.Abandoned - from.Abandoned);
    }

    private void Settled(string outcome, long count)
    {
        if (count > 0)
        {
            _settled.Add(count, new KeyValuePair<string, object?>("connector.outcome", outcome));
        }
    }
}
