namespace Portal.Engine.Reading;

/// <summary>What a partition holds: offsets from <see cref="Low"/> up to, but without, <see cref="High"/>.</summary>
/// <param name="Partition">Its number, from 0.</param>
/// <param name="Low">The first offset that Kafka still has (the low watermark).</param>
/// <param name="High">The offset that the next record gets (the high watermark).</param>
public readonly record struct PartitionSpan(int Partition, long Low, long High);

/// <summary>Offsets to read, from <see cref="From"/> up to, but without, <see cref="To"/>.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The one behind the last.</param>
public readonly record struct OffsetRange(long From, long To)
{
    /// <summary>Nothing of the partition.</summary>
    public static OffsetRange None { get; } = new(0, 0);
}

/// <summary>One reading of a topic, and its bounds.</summary>
public sealed record TopicScan
{
    /// <summary>The default of <see cref="Limit"/>.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);

    /// <summary>The topic. One that does not exist is not created.</summary>
    public required string Topic { get; init; }

    /// <summary>The only partition to read, or null for all.</summary>
    public int? Partition { get; init; }

    /// <summary>
    /// Decides what of a partition is read. What lies outside of its span is left out; default everything. Offsets may have no record
    /// (compaction, transactions), so fewer records than offsets may come.
    /// </summary>
    public Func<PartitionSpan, OffsetRange> Choose { get; init; } = span => new OffsetRange(span.Low, span.High);

    /// <summary>Longer values are cut to so many bytes and marked. Default 64 KiB; at least 0.</summary>
    public int MaxValueBytes { get; init; } = 64 * 1024;

    /// <summary>After so many bytes of keys, values and headers, before they are cut, the scan ends. Default 64 MiB.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The longest that the whole reading takes. Default 10 s.</summary>
    public TimeSpan Limit { get; init; } = DefaultLimit;
}
