using Portal.Engine.Reading;
using Portal.Engine.Specs;

namespace Portal.Tests.Fakes;

/// <summary>Topics in memory, read by the same rules as Kafka's.</summary>
internal sealed class FakeTopicReader : ITopicReader
{
    /// <summary>The records of each topic; a topic that is not among them does not exist.</summary>
    public Dictionary<string, List<TopicRecord>> Topics { get; } = [];

    /// <summary>The first offset that is still there, for all partitions.</summary>
    public long Low { get; set; }

    /// <summary>When set, nothing can be read, and this is why.</summary>
    public string? Cause { get; set; }

    /// <summary>When set, partition 0 cannot be read, and this is why.</summary>
    public string? Problem { get; set; }

    public List<(KafkaSpec Kafka, TopicScan Scan)> Scans { get; } = [];

    public Task<TopicReading> ScanAsync(KafkaSpec kafka, TopicScan scan, Func<TopicRecord, bool> take, CancellationToken cancellationToken)
    {
        Scans.Add((kafka, scan));
        if (Cause is not null || !Topics.TryGetValue(scan.Topic, out var records))
        {
            return Task.FromResult(new TopicReading([], Cause ?? $"The topic '{scan.Topic}' does not exist in Kafka.", IsMissing: Cause is null));
        }

        var partitions = records.Select(record => record.Partition).Append(0).Distinct().Where(one => scan.Partition is null || one == scan.Partition).Order();
        List<PartitionReading> readings = [];
        var goOn = true;
        foreach (var partition in partitions)
        {
            var held = records.Where(record => record.Partition == partition).OrderBy(record => record.Offset).ToList();
            var span = new PartitionSpan(partition, Low, held.Select(record => record.Offset + 1).DefaultIfEmpty(0).Max());
            readings.Add(new PartitionReading(span, partition == 0 ? Problem : null));
            var range = scan.Choose(span);
            foreach (var record in held.Where(record => record.Offset >= Math.Max(range.From, Low) && record.Offset < range.To))
            {
                goOn = goOn && (partition == 0 && Problem is not null || take(Cut(record, scan.MaxValueBytes)));
            }
        }

        return Task.FromResult(new TopicReading(readings));
    }

    private static TopicRecord Cut(TopicRecord record, int most) =>
        record.Value is { } value && value.Length > most ? record with { Value = value[..most] } : record;
}
