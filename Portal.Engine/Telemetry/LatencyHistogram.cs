using System.Numerics;
using Portal.Engine.Pipelines;

namespace Portal.Engine.Telemetry;

/// <summary>
/// Durations of the last minute in buckets that are 1/16 of their power of two wide (an error below 6 %), from 1 µs to over an hour.
/// Six slices of ten seconds take turns; a photo sums them. It takes its 12 KiB with the first duration: most clients of a large server rest.
/// </summary>
/// <remarks>
/// <see cref="Record"/> belongs to one thread at a time and is a shift and an increment. Reading beside it may miss the increments of that
/// instant, which no percentile notices.
/// </remarks>
internal sealed class LatencyHistogram(TimeProvider time)
{
    private const int SubBits = 4;
    private const int Buckets = 32 << SubBits;
    private const int Slices = 6;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(10);

    private volatile int[][]? _slices;
    private readonly long _sliceTicks = (long)(Slice.TotalSeconds * time.TimestampFrequency);
    private readonly double _microsecondsPerTick = 1e6 / time.TimestampFrequency;
    private long _slice = time.GetTimestamp() / (long)(Slice.TotalSeconds * time.TimestampFrequency);

    /// <summary>Opens the slice of <paramref name="now"/>; called before a batch of <see cref="Record"/>, and by photos through the pulse.</summary>
    public void Turn(long now)
    {
        var slice = now / _sliceTicks;
        if (_slices is { } slices)
        {
            for (var stale = Math.Max(_slice + 1, slice - Slices + 1); stale <= slice; stale++)
            {
                Array.Clear(slices[stale % Slices]);
            }
        }

        _slice = Math.Max(_slice, slice);
    }

    /// <summary>Counts one duration, in ticks of the clock's timestamps.</summary>
    public void Record(long ticks)
    {
        var slices = _slices ??= [.. Enumerable.Range(0, Slices).Select(_ => new int[Buckets])];
        slices[_slice % Slices][Bucket((long)(ticks * _microsecondsPerTick))]++;
    }

    public LatencySnapshot Read()
    {
        if (_slices is not { } slices)
        {
            return default;
        }

        Span<long> sum = stackalloc long[Buckets];
        sum.Clear();
        var total = 0L;
        foreach (var slice in slices)
        {
            for (var i = 0; i < Buckets; i++)
            {
                sum[i] += slice[i];
                total += slice[i];
            }
        }

        return total == 0
            ? default
            : new LatencySnapshot(Percentile(sum, total, 0.50), Percentile(sum, total, 0.95), Percentile(sum, total, 0.99));
    }

    private static double Percentile(ReadOnlySpan<long> buckets, long total, double share)
    {
        var rank = (long)Math.Ceiling(total * share);
        for (var i = 0; i < Buckets; i++)
        {
            rank -= buckets[i];
            if (rank <= 0)
            {
                return Middle(i) / 1000;
            }
        }

        return Middle(Buckets - 1) / 1000;
    }

    private static int Bucket(long microseconds)
    {
        if (microseconds < 1 << SubBits)
        {
            return (int)Math.Max(0, microseconds);
        }

        var shift = BitOperations.Log2((ulong)microseconds) - SubBits;
        return Math.Min(Buckets - 1, (shift + 1 << SubBits) + (int)(microseconds >> shift & (1 << SubBits) - 1));
    }

    private static double Middle(int bucket)
    {
        var shift = (bucket >> SubBits) - 1;
        return shift < 0 ? bucket + 0.5 : ((1L << SubBits) + (bucket & (1 << SubBits) - 1) + 0.5) * (1L << shift);
    }
}
