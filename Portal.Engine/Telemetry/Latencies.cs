namespace Portal.Engine.Telemetry;

/// <summary>How long deliveries took: those of one client, or of all clients of a pipeline together. Written under the gate of its gauges.</summary>
internal sealed class Latencies(TimeProvider time)
{
    /// <summary>From PUBLISH received to Kafka's acknowledgement.</summary>
    public LatencyHistogram Received { get; } = new(time);

    /// <summary>From the publishing to Kafka's acknowledgement, of a sample of the messages that say when they were published.</summary>
    public LatencyHistogram Published { get; } = new(time);

    /// <summary>Before a batch, and once a second.</summary>
    public void Turn(long now)
    {
        Received.Turn(now);
        Published.Turn(now);
    }
}
