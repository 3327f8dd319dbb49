using Portal.Engine.Specs;

namespace Portal.Engine.Reading;

/// <summary>The newest records of a topic.</summary>
public static class NewestRecords
{
    /// <summary>The most that can be asked for.</summary>
    public const int Most = 1_000;

    /// <summary>Reads the last records of a topic, or of one partition of it, newest first: by timestamp across partitions, by offset within one.</summary>
    /// <remarks>
    /// Of each partition its last <paramref name="count"/> offsets are read, so that the newest of all are among them. At most that many
    /// records are held at a time, each value cut to <see cref="TopicScan.MaxValueBytes"/>.
    /// </remarks>
    /// <param name="reader">Who reads.</param>
    /// <param name="kafka">The cluster and the credentials.</param>
    /// <param name="scan">Topic, partition and bounds; what it chooses is replaced.</param>
    /// <param name="count">1 to 1 000; what lies outside is brought inside.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<(IReadOnlyList<TopicRecord> Records, TopicReading Reading)> ReadNewestAsync(
        this ITopicReader reader, KafkaSpec kafka, TopicScan scan, int count, CancellationToken cancellationToken)
    {
        count = Math.Clamp(count, 1, Most);
        var newest = new PriorityQueue<TopicRecord, Age>();
        var latest = new Dictionary<int, long>();
        var reading = await reader.ScanAsync(
            kafka,
            scan with { Choose = span => new OffsetRange(Math.Max(span.Low, span.High - count), span.High) },
            record =>
            {
                var at = latest[record.Partition] = Math.Max(latest.GetValueOrDefault(record.Partition), record.Timestamp);
                newest.Enqueue(record, new Age(at, record.Partition, record.Offset));
                if (newest.Count > count)
                {
                    newest.Dequeue();
                }

                return true;
            },
            cancellationToken);
        return ([.. newest.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)], reading);
    }

    /// <summary>Reads one record with its whole value; null when there is none at this offset, or the reading says why it could not be read.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<(TopicRecord? Record, TopicReading Reading)> ReadOneAsync(
        this ITopicReader reader, KafkaSpec kafka, string topic, int partition, long offset, CancellationToken cancellationToken)
    {
        TopicRecord? found = null;
        var scan = new TopicScan
        {
            Topic = topic,
            Partition = partition,
            Choose = _ => new OffsetRange(offset, offset + 1),
            MaxValueBytes = int.MaxValue,
        };
        var reading = await reader.ScanAsync(kafka, scan, record => (found = record) is null, cancellationToken);
        return (found, reading);
    }

    /// <summary>
    /// Partitions have no order among each other but their timestamps, and those may go back within one; the latest seen so far does not,
    /// so that the order of offsets is kept.
    /// </summary>
    private readonly record struct Age(long Latest, int Partition, long Offset) : IComparable<Age>
    {
        public int CompareTo(Age other) => (Latest, Partition, Offset).CompareTo((other.Latest, other.Partition, other.Offset));
    }
}
