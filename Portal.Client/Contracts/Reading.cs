namespace Portal.Client.Contracts;

/// <summary>The answer to a question that not everybody may ask, or that Kafka may not answer.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
/// <param name="Outcome">Accepted, Forbidden, NotFound or Refused.</param>
/// <param name="Value">What was asked for; null unless accepted.</param>
/// <param name="Text">Why there is nothing, and what to do, in words; null when accepted.</param>
public sealed record ReadResult<T>(CommandOutcome Outcome, T? Value, string? Text)
    where T : class;

/// <summary>Makes answers.</summary>
public static class ReadResult
{
    /// <summary>An answer.</summary>
    public static ReadResult<T> Of<T>(T value)
        where T : class => new(CommandOutcome.Accepted, value, null);

    /// <summary>None, and why.</summary>
    public static ReadResult<T> Not<T>(CommandOutcome outcome, string text)
        where T : class => new(outcome, null, text);
}

/// <summary>A header as Kafka has it; names may come several times, and their order counts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its bytes, or null.</param>
public sealed record RecordHeaderView(string Name, byte[]? Value);

/// <summary>A record as Kafka has it.</summary>
public sealed record TopicRecordView
{
    /// <summary>From 0.</summary>
    public required int Partition { get; init; }

    /// <summary>Its offset in the partition.</summary>
    public required long Offset { get; init; }

    /// <summary>Its timestamp, or null when it has none.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Its key, or null.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Its headers, duplicates included, in order.</summary>
    public IReadOnlyList<RecordHeaderView> Headers { get; init; } = [];

    /// <summary>Its value, at most the first 64 KiB; null is a tombstone.</summary>
    public byte[]? Value { get; init; }

    /// <summary>How long the whole value is.</summary>
    public int ValueBytes { get; init; }

    /// <summary>Whether <see cref="Value"/> is only the beginning.</summary>
    public bool IsTruncated { get; init; }
}

/// <summary>A partition as it was found.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="First">The first offset that Kafka still has, or null when it did not say.</param>
/// <param name="Next">The offset that the next record gets, or null when it did not say.</param>
/// <param name="Problem">Why it was not read as asked, in words; null when it was.</param>
public sealed record PartitionView(int Partition, long? First, long? Next, string? Problem);

/// <summary>Which records of a topic to read.</summary>
public sealed record RecordQuery
{
    /// <summary>The counts that pages offer.</summary>
    public static IReadOnlyList<int> Counts { get; } = [5, 20, 60, 100];

    /// <summary>How many of the newest, 1 to 1 000.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Only this partition, or null for all.</summary>
    public int? Partition { get; init; }
}

/// <summary>The newest records of a topic.</summary>
/// <param name="Records">Newest first: by timestamp across partitions, by offset within one.</param>
/// <param name="Partitions">The partitions that were read, by number; one that could not be has a <see cref="PartitionView.Problem"/>.</param>
/// <param name="ReadAt">When.</param>
public sealed record TopicRecords(IReadOnlyList<TopicRecordView> Records, IReadOnlyList<PartitionView> Partitions, DateTimeOffset ReadAt);
