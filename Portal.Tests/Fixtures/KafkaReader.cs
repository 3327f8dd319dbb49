using System.Text;
using Confluent.Kafka;

namespace Portal.Tests.Fixtures;

/// <summary>Reads a topic from its beginning, with a client that has nothing of ours.</summary>
internal static class KafkaReader
{
    /// <summary>All records that are there, waiting until there are at least <paramref name="atLeast"/>.</summary>
    public static List<ConsumeResult<byte[]?, byte[]?>> Read(string bootstrap, string topic, int atLeast, TimeSpan? limit = null)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = Guid.NewGuid().ToString("N"),
            EnablePartitionEof = true,
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(20)).Topics[0].Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        var ended = new HashSet<int>();
        using var deadline = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(30));
        while (ended.Count < partitions.Count || records.Count < atLeast)
        {
            Assert.False(deadline.IsCancellationRequested, $"{records.Count} of {atLeast} records in '{topic}'");
            var result = consumer.Consume(TimeSpan.FromMilliseconds(200));
            if (result is null)
            {
                continue;
            }

            if (result.IsPartitionEOF)
            {
                ended.Add(result.Partition.Value);
            }
            else
            {
                records.Add(result);
            }
        }

        return records;
    }

    /// <summary>The last value of a header as text, or null.</summary>
    public static string? Header(this ConsumeResult<byte[]?, byte[]?> record, string name) =>
        record.Message.Headers.TryGetLastBytes(name, out var value) ? Encoding.UTF8.GetString(value) : null;

    public static string? Text(this ConsumeResult<byte[]?, byte[]?> record) =>
        record.Message.Value is { } value ? Encoding.UTF8.GetString(value) : null;
}
