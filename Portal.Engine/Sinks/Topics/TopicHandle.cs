using Portal.Engine.Sinks.Native;

namespace Portal.Engine.Sinks.Topics;

/// <summary>
/// A topic as one producer knows it: librdkafka's handle and the number of partitions. Counts who is inside, so that the handle and
/// the producer under it can be taken away while other threads send.
/// </summary>
internal sealed class TopicHandle(string name, nint native)
{
    private const int Closed = int.MinValue / 2;
    private int _inside;
    private int _turn = -1;

    public string Name { get; } = name;

    public nint Native { get; } = native;

    /// <summary>0 before the first answer.</summary>
    public int Partitions { get; set; }

    /// <summary>Whether it was used since it was last looked at for eviction.</summary>
    public bool Used { get; set; }

    /// <summary>The partition whose turn it is.</summary>
    public int NextTurn() => (int)((uint)Interlocked.Increment(ref _turn) % (uint)Partitions);

    /// <summary>Whether the handle may be used until <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) > 0)
        {
            return true;
        }

        Interlocked.Decrement(ref _inside);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _inside);

    /// <summary>Lets nobody in any more and spins until the last one left; a stay is one call into librdkafka, microseconds.</summary>
    public void Close()
    {
        if (Interlocked.Add(ref _inside, Closed) != Closed)
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref _inside) <= Closed);
        }
    }

    /// <summary>Gives librdkafka's handle back, after <see cref="Close"/> or when nobody ever had it.</summary>
    public void Free() => Librdkafka.rd_kafka_topic_destroy(Native);
}
