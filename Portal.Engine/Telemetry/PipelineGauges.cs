using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;

namespace Portal.Engine.Telemetry;

/// <summary>Rates and latency of one pipeline, and what its books moved since the last beat.</summary>
internal sealed class PipelineGauges(TimeProvider time, EngineMetrics metrics)
{
    private readonly RateWindow _in = new(time);
    private readonly RateWindow _out = new(time);
    private readonly LatencyHistogram _latency = new(time);
    private PipelineBooks _told;
    private long _bytesTold;

    /// <summary>Held around a batch of receipts: sinks may have more than one thread.</summary>
    public Lock Gate { get; } = new();

    public double InPerSecond => _in.PerSecond;

    public double OutPerSecond => _out.PerSecond;

    public LatencySnapshot Latency => _latency.Read();

    /// <summary>Once for a batch of receipts. The caller holds <see cref="Gate"/>.</summary>
    public void Turn(long now) => _latency.Turn(now);

    /// <summary>One receipt. The caller holds <see cref="Gate"/>.</summary>
    public void Record(DeliveryOutcome outcome, long ticks)
    {
        if (outcome is DeliveryOutcome.Delivered or DeliveryOutcome.DeadLettered)
        {
            _latency.Record(ticks);
        }
    }

    /// <summary>Once a second.</summary>
    public void Sample(in PipelineBooks books, long bytes)
    {
        _in.Sample(books.Received);
        _out.Sample(books.Delivered + books.DeadLettered);
        metrics.BooksMoved(_told, books, bytes - _bytesTold);
        _told = books;
        _bytesTold = bytes;
        lock (Gate)
        {
            _latency.Turn(time.GetTimestamp());
        }
    }
}
