using System.Text;
using Portal.Engine.Mapping;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Mapping;

/// <summary>What a mapping made of a message, as text that a test can compare.</summary>
internal sealed record MappedRecord(MapOutcome Outcome, string? Failure, string Topic, string? Key, string PartitionKey, long Timestamp, bool IsTombstone, string[] Headers)
{
    public static MappedRecord Of(FakeMessage message, MappingSpec? mapping = null, PartitioningRule partitioning = PartitioningRule.Key)
    {
        var mapper = new RecordMapper(mapping ?? new MappingSpec { Topics = TopicRule.One("target") }, null, partitioning);
        var record = new KafkaRecord();
        record.AddHeader("left"u8, "over"u8);
        record.SetKey("left over"u8);
        var outcome = mapper.Map(message.Read(), record, out var failure);
        var headers = record.Headers.ToArray().Select(header => Header(record, header)).ToArray();
        return new MappedRecord(
            outcome,
            failure,
            record.Topic,
            record.HasKey ? Encoding.UTF8.GetString(record.Key) : null,
            Encoding.UTF8.GetString(record.PartitionKey),
            record.Timestamp,
            record.IsTombstone,
            headers);
    }

    private static string Header(KafkaRecord record, KafkaRecord.Header header)
    {
        Assert.Equal(0, record.Bytes[header.NameStart + header.NameLength]);
        return $"{Encoding.UTF8.GetString(record.Name(header))}={Encoding.UTF8.GetString(record.Value(header))}";
    }
}
