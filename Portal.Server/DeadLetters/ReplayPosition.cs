using Portal.Engine.Reading;

namespace Portal.Server.DeadLetters;

/// <summary>How far a replay has come in each partition, and where it ends: at what was there when it began.</summary>
internal sealed class ReplayPosition
{
    private readonly Dictionary<int, OffsetRange> _left = [];

    /// <summary>What is left of a partition, within what is asked for.</summary>
    public OffsetRange Left(PartitionSpan span, OffsetRange asked)
    {
        if (!_left.TryGetValue(span.Partition, out var left))
        {
            _left[span.Partition] = left = asked;
        }

        return left;
    }

    /// <summary>Everything up to this record has been looked at.</summary>
    public void Passed(TopicRecord record) =>
        _left[record.Partition] = _left[record.Partition] with { From = record.Offset + 1 };
}
