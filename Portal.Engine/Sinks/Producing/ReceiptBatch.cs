using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Portal.Engine.Sinks.Producing;

/// <summary>
/// Gathers receipts on the report thread and passes them on in batches. Those that other threads settle, without Kafka, wait until
/// the report thread comes round, so that the listener hears one thread only.
/// </summary>
internal sealed class ReceiptBatch(ISinkListener listener)
{
    private readonly SinkReceipt[] _batch = new SinkReceipt[1024];
    private readonly ConcurrentQueue<SinkReceipt> _fromOthers = new();
    private int _count;
    private volatile bool _closed;
    private Counter _open;

    /// <summary>Deliveries taken and not yet answered.</summary>
    public int Open => Volatile.Read(ref _open.Value);

    /// <summary>Counts a delivery in, before anything can answer it.</summary>
    public void Enter() => Interlocked.Increment(ref _open.Value);

    /// <summary>Counts it out again when it was not taken after all.</summary>
    public void Leave() => Interlocked.Decrement(ref _open.Value);

    /// <summary>From any thread.</summary>
    public void SettleFromOutside(SinkReceipt receipt) => _fromOthers.Enqueue(receipt);

    /// <summary>On the report thread.</summary>
    public void Settle(SinkReceipt receipt)
    {
        _batch[_count++] = receipt;
        if (_count == _batch.Length)
        {
            Pass();
        }
    }

    /// <summary>On the report thread: passes on what there is.</summary>
    public void PassAll()
    {
        while (_fromOthers.TryDequeue(out var receipt))
        {
            Settle(receipt);
        }

        if (_count > 0)
        {
            Pass();
        }
    }

    /// <summary>From any thread: nothing that comes later is passed on.</summary>
    public void Close() => _closed = true;

    private void Pass()
    {
        if (!_closed)
        {
            listener.OnReceipts(_batch.AsSpan(0, _count));
        }

        // After the call: who sees nothing open may rely on every receipt having arrived.
        Interlocked.Add(ref _open.Value, -_count);
        _count = 0;
    }

    // All senders write it: on a line of its own, or each receipt would wait for them and they for it.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Counter
    {
        [FieldOffset(128)]
        public int Value;
    }
}
