using Confluent.Kafka;

namespace Portal.Engine.Reading;

/// <summary>The loop of one reading: takes records until every partition is at its end, or a bound is reached.</summary>
internal sealed class PartitionScan(TopicConsumer consumer, TopicScan scan, TimeProvider time, long began)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<int, OffsetRange> _open = [];
    private readonly Dictionary<int, string> _problems = [];
    private readonly HashSet<int> _heard = [];
    private long _bytes;

    public TopicReading Run(IReadOnlyList<PartitionReading> spans, Func<TopicRecord, bool> take, CancellationToken cancellationToken)
    {
        foreach (var (span, _) in spans.Where(one => one.Problem is null))
        {
            var asked = scan.Choose(span);
            var range = new OffsetRange(Math.Max(asked.From, span.Low), Math.Min(asked.To, span.High));
            if (range.From < range.To)
            {
                _open[span.Partition] = range;
            }
        }

        if (_open.Count > 0)
        {
            consumer.Assign(_open.Select(one => new TopicPartitionOffset(scan.Topic, one.Key, one.Value.From)));
            Read(take, cancellationToken);
        }

        return new TopicReading([.. spans.Select(one => _problems.TryGetValue(one.Span.Partition, out var problem) ? one with { Problem = problem } : one)]);
    }

    private void Read(Func<TopicRecord, bool> take, CancellationToken cancellationToken)
    {
        while (_open.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var left = scan.Limit - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                GiveUp(partition => _heard.Contains(partition) ? ReaderWords.NotToTheEnd : ReaderWords.Unanswered);
            }
            else if (_bytes >= scan.MaxBytes)
            {
                GiveUp(_ => ReaderWords.EnoughBytes);
            }
            else if (Next(left < Look ? left : Look) is { } found && !Take(found, take))
            {
                return;
            }
        }
    }

    private ConsumeResult<byte[]?, byte[]?>? Next(TimeSpan wait)
    {
        try
        {
            return consumer.Next(wait);
        }
        catch (ConsumeException failure)
        {
            // An error of the client as a whole has no partition; the group, for one, that it never uses. Time decides about those.
            if (failure.ConsumerRecord is { Partition.IsSpecial: false } record && _open.Remove(record.Partition))
            {
                _problems[record.Partition] = ReaderWords.Of(failure.Error, scan.Topic);
            }

            return null;
        }
    }

    /// <returns>Whether to go on.</returns>
    private bool Take(ConsumeResult<byte[]?, byte[]?> found, Func<TopicRecord, bool> take)
    {
        if (!_open.TryGetValue(found.Partition, out var range))
        {
            return true;
        }

        _heard.Add(found.Partition);
        var goOn = found.IsPartitionEOF || found.Offset >= range.To || take(Record(found.Partition, found.Offset, found.Message));
        if (found.IsPartitionEOF || found.Offset >= range.To - 1)
        {
            _open.Remove(found.Partition);
            consumer.Leave(found.TopicPartition);
        }

        return goOn;
    }

    private TopicRecord Record(int partition, long offset, Message<byte[]?, byte[]?> message)
    {
        List<KafkaHeader> headers = [.. message.Headers.Select(header => new KafkaHeader(header.Key, header.GetValueBytes()))];
        var length = message.Value?.Length ?? 0;
        _bytes += length + (message.Key?.Length ?? 0) + headers.Sum(header => header.Name.Length + (header.Value?.Length ?? 0));
        var value = length > scan.MaxValueBytes ? message.Value![..scan.MaxValueBytes] : message.Value;
        var timestamp = message.Timestamp.Type == TimestampType.NotAvailable ? 0 : message.Timestamp.UnixTimestampMs;
        return new TopicRecord(partition, offset, timestamp, message.Key, headers, value, length);
    }

    private void GiveUp(Func<int, string> why)
    {
        foreach (var partition in _open.Keys)
        {
            _problems[partition] = why(partition);
        }

        _open.Clear();
    }
}
