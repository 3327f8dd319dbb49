using System.Collections.Concurrent;
using Portal.Engine.Sinks;

namespace Portal.Tests.Fakes;

/// <summary>Remembers what a sink tells.</summary>
internal sealed class RecordingListener : ISinkListener
{
    private long _count;

    public ConcurrentDictionary<ulong, DeliveryOutcome> Outcomes { get; } = new();

    /// <summary>Why the discarded ones were.</summary>
    public ConcurrentDictionary<ulong, RefusalReason> Reasons { get; } = new();

    public ConcurrentQueue<SinkState> States { get; } = new();

    public ConcurrentQueue<(string Reason, DeliveryOutcome Outcome)> Refusals { get; } = new();

    public ConcurrentQueue<ulong> Twice { get; } = new();

    /// <summary>Whether only to count, for tests that weigh allocations.</summary>
    public bool CountsOnly { get; init; }

    /// <summary>Thrown instead of remembering.</summary>
    public Exception? OnReceiptsThrows { get; init; }

    public long Count => Interlocked.Read(ref _count);

    /// <summary>What the thread that brings receipts had allocated at its last call.</summary>
    public long ReporterAllocated { get; private set; }

    public void OnReceipts(ReadOnlySpan<SinkReceipt> receipts)
    {
        if (OnReceiptsThrows is { } exception)
        {
            throw exception;
        }

        ReporterAllocated = GC.GetAllocatedBytesForCurrentThread();
        if (!CountsOnly)
        {
            foreach (var receipt in receipts)
            {
                if (receipt.Reason != RefusalReason.None)
                {
                    Reasons[receipt.Token.Value] = receipt.Reason;
                }

                if (!Outcomes.TryAdd(receipt.Token.Value, receipt.Outcome))
                {
                    Twice.Enqueue(receipt.Token.Value);
                }
            }
        }

        Interlocked.Add(ref _count, receipts.Length);
    }

    public void OnStateChanged(SinkState state) => States.Enqueue(state);

    public void OnRefusal(string reason, DeliveryOutcome outcome) => Refusals.Enqueue((reason, outcome));
}
