using System.Text;
using Confluent.Kafka;

namespace Portal.Tests.Integration;

/// <summary>Reads a topic that a <see cref="NumberedLoad"/> ended in, from its beginning, and counts each number.</summary>
internal sealed class NumberedTopic(string bootstrap, string topic)
{
    private readonly Dictionary<int, int> _copies = [];

    /// <summary>How often numbers were there once more.</summary>
    public int Duplicates => _copies.Values.Sum(copies => copies - 1);

    /// <summary>Copies after the first that do not say <c>mqtt.duplicate=true</c>.</summary>
    public int UnmarkedDuplicates { get; private set; }

    public int Distinct => _copies.Count;

    public IReadOnlyList<int> Missing(int total) => [.. Enumerable.Range(0, total).Where(number => !_copies.ContainsKey(number))];

    /// <summary>Reads until every number was seen, or until nothing came for a while.</summary>
    public void Read(int total)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics.Single().Partitions;
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = Guid.NewGuid().ToString("N"),
            EnableAutoCommit = false,
            EnablePartitionEof = true,
        }).Build();
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));

        var ended = new HashSet<int>();
        while (ended.Count < partitions.Count)
        {
            var record = consumer.Consume(TimeSpan.FromSeconds(20));
            Assert.True(record is not null, $"Kafka was silent for 20 s while {topic} was read; {Distinct} of {total} numbers so far.");
            if (record.IsPartitionEOF)
            {
                ended.Add(record.Partition.Value);
                continue;
            }

            Count(record);
        }
    }

    private void Count(ConsumeResult<string, string> record)
    {
        var number = int.Parse(record.Message.Value);
        var marked = record.Message.Headers.TryGetLastBytes("mqtt.duplicate", out var flag) && Encoding.UTF8.GetString(flag) == "true";
        if (_copies.TryGetValue(number, out var copies) && !marked)
        {
            UnmarkedDuplicates++;
        }

        _copies[number] = copies + 1;
    }
}
