using Portal.Client.Contracts;
using Portal.Engine.Reading;

namespace Portal.Server.Topics;

/// <summary>From the engine's records to those of the contract.</summary>
internal static class RecordViews
{
    public static TopicRecordView Of(TopicRecord record) => new()
    {
        Partition = record.Partition,
        Offset = record.Offset,
        At = record.At,
        Key = record.Key,
        Headers = [.. record.Headers.Select(header => new RecordHeaderView(header.Name, header.Value))],
        Value = record.Value,
        ValueBytes = record.ValueBytes,
        IsTruncated = record.IsTruncated,
    };

    public static PartitionView Of(PartitionReading reading) => new(
        reading.Span.Partition,
        reading.Span.Low < 0 ? null : reading.Span.Low,
        reading.Span.High < 0 ? null : reading.Span.High,
        reading.Problem);
}
