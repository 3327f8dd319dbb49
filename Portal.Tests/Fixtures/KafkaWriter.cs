using System.Text;
using Confluent.Kafka;

namespace Portal.Tests.Fixtures;

/// <summary>Writes records to a topic, with a client that has nothing of ours.</summary>
internal static class KafkaWriter
{
    /// <summary>Writes one and waits until Kafka has it.</summary>
    public static async Task<TopicPartitionOffset> WriteAsync(
        string bootstrap, string topic, int partition, byte[]? key, byte[]? value, Headers? headers = null, DateTimeOffset? at = null)
    {
        using var producer = Producer(bootstrap);
        var message = new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = headers ?? [] };
        if (at is { } time)
        {
            message.Timestamp = new Timestamp(time);
        }

        var written = await producer.ProduceAsync(new TopicPartition(topic, partition), message, TestContext.Current.CancellationToken);
        return written.TopicPartitionOffset;
    }

    /// <summary>Writes numbered texts, one a second of record time from <paramref name="first"/>, to one partition.</summary>
    public static async Task WriteNumbersAsync(string bootstrap, string topic, int partition, int count, DateTimeOffset first)
    {
        using var producer = Producer(bootstrap);
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => producer.ProduceAsync(
            new TopicPartition(topic, partition),
            new Message<byte[]?, byte[]?>
            {
                Key = Encoding.UTF8.GetBytes($"k{number}"),
                Value = Encoding.UTF8.GetBytes($"{partition}:{number}"),
                Timestamp = new Timestamp(first.AddSeconds(number)),
            },
            TestContext.Current.CancellationToken)));
    }

    private static IProducer<byte[]?, byte[]?> Producer(string bootstrap) =>
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true, LingerMs = 1 })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
}
