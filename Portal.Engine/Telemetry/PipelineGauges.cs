using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;

namespace Portal.Engine.Telemetry;

/// <summary>Rates and latency of one pipeline, and what its books moved since the last beat.</summary>
internal sealed class PipelineGauges(TimeProvider time, EngineMetrics metrics)
{
    private readonly RateWindow _in = new(time);
    private readonly RateWindow _out = new(time);
    private readonly Latencies _latencies = new(time);
    private PipelineBooks _told;
    private bool _isFirstOfBatch;
    private long _bytesTold;

    /// <summary>Held around a batch of receipts: sinks may have more than one thread.</summary>
    public Lock Gate { get; } = new();

    public double InPerSecond => _in.PerSecond;

    public double OutPerSecond => _out.PerSecond;

    public LatencySnapshot Latency => _latencies.Received.Read();

    public LatencySnapshot PublishLatency => _latencies.Published.Read();

    /// <summary>Once for a batch of receipts. The caller holds <see cref="Gate"/>.</summary>
    public void Turn(long now)
    {
        _latencies.Turn(now);
        _isFirstOfBatch = true;
    }

    /// <summary>One receipt. The caller holds <see cref="Gate"/>.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="client">Those of the client that received it.</param>
    /// <param name="ticks">What it took.</param>
    public void Record(DeliveryOutcome outcome, Latencies client, long ticks)
    {
        if (outcome is DeliveryOutcome.Delivered or DeliveryOutcome.DeadLettered)
        {
            _latencies.Received.Record(ticks);
            client.Received.Record(ticks);
            if (_isFirstOfBatch)
            {
                // One for each batch of reports: a measurement for each message would cost more than the message.
                _isFirstOfBatch = false;
                metrics.Delivered(Duration(ticks));
            }
        }
    }

    /// <summary>One receipt of a message that says when it was published. The caller holds <see cref="Gate"/>.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="client">Those of the client that received it.</param>
    /// <param name="age">How old it was when it came.</param>
    /// <param name="ticks">What it took from there.</param>
    public void RecordPublished(DeliveryOutcome outcome, Latencies client, TimeSpan age, long ticks)
    {
        if (outcome is DeliveryOutcome.Delivered or DeliveryOutcome.DeadLettered)
        {
            var whole = (long)(age.TotalSeconds * time.TimestampFrequency) + ticks;
            _latencies.Published.Record(whole);
            client.Published.Record(whole);
            metrics.DeliveredSincePublished(age + Duration(ticks));
        }
    }

    /// <summary>Once a second.</summary>
    /// <param name="books">The books of the pipeline.</param>
    /// <param name="bytes">The payload bytes that it received.</param>
    /// <param name="clients">Those of each client.</param>
    public void Sample(in PipelineBooks books, long bytes, IEnumerable<Latencies> clients)
    {
        _in.Sample(books.Received);
        _out.Sample(books.Delivered + books.DeadLettered);
        metrics.BooksMoved(_told, books, bytes - _bytesTold);
        _told = books;
        _bytesTold = bytes;
        lock (Gate)
        {
            var now = time.GetTimestamp();
            _latencies.Turn(now);
            foreach (var client in clients)
            {
                client.Turn(now);
            }
        }
    }

    private TimeSpan Duration(long ticks) => TimeSpan.FromSeconds((double)ticks / time.TimestampFrequency);
}
