namespace Portal.Engine.Reading;

/// <summary>How the reading of one partition went.</summary>
/// <param name="Span">What it holds; <see cref="PartitionSpan.Low"/> and <see cref="PartitionSpan.High"/> are -1 when it did not say.</param>
/// <param name="Problem">Why it was not read as asked, in words; null when it was.</param>
public sealed record PartitionReading(PartitionSpan Span, string? Problem);

/// <summary>How a reading went.</summary>
/// <param name="Partitions">The partitions that were to be read, by number; empty when <paramref name="Cause"/> says why nothing was.</param>
/// <param name="Cause">Why nothing could be read at all, in words that say what to do; otherwise null.</param>
/// <param name="IsMissing">Whether that is because the topic does not exist.</param>
public sealed record TopicReading(IReadOnlyList<PartitionReading> Partitions, string? Cause = null, bool IsMissing = false)
{
    /// <summary>What of it could not be read, one line for each partition; empty when everything was.</summary>
    public IEnumerable<string> Problems => Partitions.Where(one => one.Problem is not null).Select(one => $"Partition {one.Span.Partition}: {one.Problem}");
}
