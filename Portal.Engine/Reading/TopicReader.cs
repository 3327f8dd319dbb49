using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Specs;

namespace Portal.Engine.Reading;

/// <summary>Reads with a client of its own for each reading, assigned to partitions by offset.</summary>
public sealed class TopicReader(TimeProvider time) : ITopicReader
{
    private static readonly TimeSpan MostForOffsets = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan MostForMetadata = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Task<TopicReading> ScanAsync(KafkaSpec kafka, TopicScan scan, Func<TopicRecord, bool> take, CancellationToken cancellationToken) =>
        // The reading is on its own when the caller has given up, and ends at its next look at the token.
        OwnThread.RunAsync(() => Run(kafka, scan, take, cancellationToken)).WaitAsync(cancellationToken);

    private TopicReading Run(KafkaSpec kafka, TopicScan scan, Func<TopicRecord, bool> take, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        TopicConsumer? consumer = null;
        try
        {
            consumer = new TopicConsumer(kafka);
            var metadata = consumer.Describe(scan.Topic, Least(MostForMetadata, scan.Limit));
            if (Unreadable(metadata, scan) is { } unreadable)
            {
                return unreadable;
            }

            var left = scan.Limit - time.GetElapsedTime(began);
            // Waited for on this thread: what follows an await would block one of the pool with the reading itself.
            var spans = SpansAsync(consumer, scan, metadata!, Least(MostForOffsets, left), cancellationToken).GetAwaiter().GetResult();
            if (consumer.Refusal is { } refusal)
            {
                return new TopicReading([], ReaderWords.NotSignedIn(refusal.Reason));
            }

            return new PartitionScan(consumer, scan, time, began).Run(spans, take, cancellationToken);
        }
        catch (KafkaException failure)
        {
            return new TopicReading([], consumer?.Refusal is { } refusal
                ? ReaderWords.NotSignedIn(refusal.Reason)
                : ReaderWords.Silent(kafka.BootstrapServers, consumer?.LastError ?? failure.Error.Reason));
        }
        catch (Exception failure) when (consumer is null && failure is ArgumentException or InvalidOperationException)
        {
            return new TopicReading([], ReaderWords.BadSettings(failure.Message));
        }
        finally
        {
            consumer?.Dispose();
        }
    }

    private static TopicReading? Unreadable(TopicMetadata? metadata, TopicScan scan) => metadata switch
    {
        null or { Error.Code: ErrorCode.UnknownTopicOrPart } => new TopicReading([], ReaderWords.Missing(scan.Topic), IsMissing: true),
        { Error.IsError: true } => new TopicReading([], ReaderWords.Of(metadata.Error, scan.Topic)),
        { Partitions.Count: 0 } => new TopicReading([], ReaderWords.Missing(scan.Topic), IsMissing: true),
        _ when scan.Partition is { } one && metadata.Partitions.All(partition => partition.PartitionId != one) =>
            new TopicReading([], ReaderWords.NoSuchPartition(scan.Topic, one, metadata.Partitions.Count)),
        _ => null,
    };

    private static async Task<List<PartitionReading>> SpansAsync(
        TopicConsumer consumer, TopicScan scan, TopicMetadata metadata, TimeSpan patience, CancellationToken cancellationToken)
    {
        var asked = metadata.Partitions.Where(partition => scan.Partition is null || partition.PartitionId == scan.Partition).ToList();
        // One without a leader would hold up the question about all others.
        var led = asked.Where(partition => partition.Leader >= 0).Select(partition => partition.PartitionId).ToList();
        var low = consumer.OffsetsAsync(scan.Topic, led, OffsetSpec.Earliest(), patience, cancellationToken);
        var high = consumer.OffsetsAsync(scan.Topic, led, OffsetSpec.Latest(), patience, cancellationToken);
        var lows = (await low).ToDictionary(found => found.Partition.Value);
        var highs = (await high).ToDictionary(found => found.Partition.Value);
        return [.. asked.OrderBy(partition => partition.PartitionId).Select(partition => Span(partition.PartitionId))];

        PartitionReading Span(int partition)
        {
            if (!lows.TryGetValue(partition, out var first) || !highs.TryGetValue(partition, out var next))
            {
                return new PartitionReading(new PartitionSpan(partition, -1, -1), led.Contains(partition) ? ReaderWords.Unanswered : ReaderWords.NoLeader);
            }

            var error = first.Error.IsError ? first.Error : next.Error;
            return error.IsError
                ? new PartitionReading(new PartitionSpan(partition, -1, -1), ReaderWords.Of(error, scan.Topic))
                : new PartitionReading(new PartitionSpan(partition, first.Offset, next.Offset), null);
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
