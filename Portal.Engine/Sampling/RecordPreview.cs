using Portal.Engine.Sinks.Producing;

namespace Portal.Engine.Sampling;

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record PreviewHeader(string Name, byte[] Value);

/// <summary>What a task would make of a message.</summary>
public sealed record RecordPreview
{
    /// <summary>Whether the filter lets the message pass; null while the filter cannot be read.</summary>
    public bool? Passes { get; init; }

    /// <summary>Why the mapping cannot be applied to this message, or null. The rest then holds what could be made all the same.</summary>
    public string? Failure { get; init; }

    /// <summary>The target topic; null while the topic rule is not complete, or when that is what failed.</summary>
    public string? Topic { get; init; }

    /// <summary>The key; null for none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>What the partition is computed from: the key, or what the partitioning rule takes instead; null when it is not computed.</summary>
    public byte[]? PartitionBy { get; init; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Timestamp { get; init; }

    /// <summary>Whether the value is null; otherwise it is the payload, untouched.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>All headers, in order.</summary>
    public IReadOnlyList<PreviewHeader> Headers { get; init; } = [];

    /// <summary>The partition in a topic of so many, or null when it is not computed from the record.</summary>
    /// <param name="partitions">At least 1.</param>
    public int? PartitionOf(int partitions) => PartitionBy is null ? null : Murmur2.Partition(PartitionBy, partitions);
}
