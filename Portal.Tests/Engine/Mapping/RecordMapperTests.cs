using Portal.Engine.Mapping;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Mapping;

public class RecordMapperTests
{
    private const string Payload = """{"device":{"id":"d-7","n":7,"on":true,"none":null,"list":[10,{"x":"a\u00e4\n"}]},"at":"2025-01-02T03:04:05.678+02:00"}""";

    [Theory]
    [InlineData(KeySource.Topic, null, "plant/line1/temp")]
    [InlineData(KeySource.MessageId, null, "m1")]
    [InlineData(KeySource.PublisherClientId, null, "device-1")]
    [InlineData(KeySource.UserProperty, "x", "2")]
    [InlineData(KeySource.PayloadPath, "$.device.id", "d-7")]
    [InlineData(KeySource.PayloadPath, "$.device.n", "7")]
    [InlineData(KeySource.PayloadPath, "$.device.on", "true")]
    [InlineData(KeySource.PayloadPath, "$.device.list[1]", """{"x":"a\u00e4\n"}""")]
    [InlineData(KeySource.PayloadPath, "$['device'].list[1]['x']", "aä\n")]
    [InlineData(KeySource.Template, "{topic}|{topic[1]}|{clientid}|{property:x}|{payload:$.device.id}|{{}}", "plant/line1/temp|line1|device-1|2|d-7|{}")]
    [InlineData(KeySource.None, null, null)]
    public void Key_EverySource_IsWhatItSays(KeySource source, string? argument, string? expected)
    {
        var record = MappedRecord.Of(Full(), Key(source, argument));

        Assert.Equal(MapOutcome.Mapped, record.Outcome);
        Assert.Equal(expected, record.Key);
        Assert.Equal("target", record.Topic);
    }

    [Theory]
    [InlineData(KeySource.MessageId, null, "$__messageId")]
    [InlineData(KeySource.PublisherClientId, null, "$__publisherClientId")]
    [InlineData(KeySource.UserProperty, "x", "'x'")]
    [InlineData(KeySource.PayloadPath, "$.device.id", "$.device.id")]
    [InlineData(KeySource.Template, "{property:x}", "'x'")]
    [InlineData(KeySource.Template, "{topic[3]}", "{topic[3]}")]
    [InlineData(KeySource.Template, "{payload:$.none}", "$.none")]
    public void Key_MessageLacksIt_FailsWithTheReason(KeySource source, string? argument, string named)
    {
        var record = MappedRecord.Of(FakeMessage.Of("""{"none":null}"""), Key(source, argument));

        Assert.Equal(MapOutcome.Failed, record.Outcome);
        Assert.Contains(named, record.Failure);
        Assert.Null(record.Key);
        Assert.Equal("target", record.Topic);
        Assert.Equal(5, record.Headers.Length);
    }

    [Fact]
    public void Key_EmptyProperty_IsAnEmptyKey()
    {
        var record = MappedRecord.Of(new FakeMessage().With("x", ""), Key(KeySource.UserProperty, "x"));

        Assert.Equal((MapOutcome.Mapped, ""), (record.Outcome, record.Key));
    }

    [Theory]
    [InlineData(TimestampSource.Received, null, 1_760_000_000_000)]
    [InlineData(TimestampSource.MessageTimestamp, null, 1_700_000_000_123)]
    [InlineData(TimestampSource.PayloadPath, "$.iso", 1_735_779_845_678)]
    [InlineData(TimestampSource.PayloadPath, "$.zoneless", 1_735_787_045_000)]
    [InlineData(TimestampSource.PayloadPath, "$.number", 1_735_779_845_678)]
    [InlineData(TimestampSource.PayloadPath, "$.fraction", 1_735_779_845_678)]
    [InlineData(TimestampSource.PayloadPath, "$.exponent", 1_700_000_000_000)]
    [InlineData(TimestampSource.PayloadPath, "$.text", 1_735_779_845_678)]
    public void Timestamp_EverySource_IsWhatItSays(TimestampSource source, string? path, long expected)
    {
        var message = FakeMessage.Of(
                """{"iso":"2025-01-02T03:04:05.678+02:00","zoneless":"2025-01-02T03:04:05","number":1735779845678,"fraction":1735779845678.9,"exponent":1.7e12,"text":"1735779845678"}""")
            .With("$__messageTimestamp", "1700000000123");

        var record = MappedRecord.Of(message, Timestamp(source, path));

        Assert.Equal((MapOutcome.Mapped, expected), (record.Outcome, record.Timestamp));
    }

    [Theory]
    [InlineData("$.missing", "does not have")]
    [InlineData("$.none", "does not have")]
    [InlineData("$.words", "yesterday")]
    [InlineData("$.negative", "-1")]
    [InlineData("$.zero", "0")]
    [InlineData("$.microseconds", "1735779845678000000")]
    [InlineData("$.half", "ud800aaaaaa")]
    [InlineData("$.object", "{}")]
    public void Timestamp_PayloadDoesNotSayIt_FailsAndKeepsTheTimeOfReceipt(string path, string named)
    {
        var message = FakeMessage.Of("""{"none":null,"words":"yesterday","negative":-1,"zero":0,"microseconds":1735779845678000000,"half":"\ud800aaaaaa","object":{}}""");

        var record = MappedRecord.Of(message, Timestamp(TimestampSource.PayloadPath, path));

        Assert.Equal((MapOutcome.Failed, message.ReceivedAt), (record.Outcome, record.Timestamp));
        Assert.Contains(named, record.Failure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    [InlineData("12 ")]
    public void Timestamp_ExtensionFieldMissingOrWrong_Fails(string? value)
    {
        var message = value is null ? new FakeMessage() : new FakeMessage().With("$__messageTimestamp", value);

        var record = MappedRecord.Of(message, Timestamp(TimestampSource.MessageTimestamp, null));

        Assert.Equal(MapOutcome.Failed, record.Outcome);
        Assert.Contains(value ?? "does not carry", record.Failure);
    }

    [Theory]
    [InlineData("", true, true)]
    [InlineData("", false, false)]
    [InlineData("x", true, false)]
    public void Tombstone_IsAChoiceForEmptyPayloads(string payload, bool choice, bool expected)
    {
        var mapping = new MappingSpec { Topics = TopicRule.One("target"), EmptyPayloadIsTombstone = choice };

        Assert.Equal(expected, MappedRecord.Of(FakeMessage.Of(payload), mapping).IsTombstone);
    }

    [Theory]
    [InlineData(PartitioningRule.Topic, "plant/line1/temp")]
    [InlineData(PartitioningRule.PublisherClientId, "device-1")]
    [InlineData(PartitioningRule.Key, "")]
    [InlineData(PartitioningRule.RoundRobin, "")]
    [InlineData(PartitioningRule.Fixed, "")]
    public void PartitionKey_EveryRule_IsSetWhereItIsNeeded(PartitioningRule rule, string expected)
    {
        var record = MappedRecord.Of(Full(), Key(KeySource.MessageId, null), rule);

        Assert.Equal(("m1", expected), (record.Key, record.PartitionKey));
    }

    [Fact]
    public void PartitionKey_PublisherUnknown_Fails()
    {
        var record = MappedRecord.Of(new FakeMessage(), partitioning: PartitioningRule.PublisherClientId);

        Assert.Equal(MapOutcome.Failed, record.Outcome);
        Assert.Contains("$__publisherClientId", record.Failure);
        Assert.Null(record.Key);
    }

    [Fact]
    public void Topic_OutOfAMap_IsTheFirstMatchingRow()
    {
        var mapping = new MappingSpec { Topics = TopicRule.Map(new TopicMapRow("plant/+/temp", "temps"), new TopicMapRow("plant/#", "rest")) };

        Assert.Equal("temps", MappedRecord.Of(new FakeMessage(), mapping).Topic);
        Assert.Equal("rest", MappedRecord.Of(FakeMessage.On("plant/line1/speed"), mapping).Topic);

        var missing = MappedRecord.Of(FakeMessage.On("office/1"), mapping);
        Assert.Equal((MapOutcome.Failed, ""), (missing.Outcome, missing.Topic));
        Assert.Contains("office/1", missing.Failure);
        Assert.Equal("mqtt.topic=office/1", missing.Headers[0]);
    }

    [Fact]
    public void Map_OneRecordForTwoMappers_HoldsWhatTheLastOneWrote()
    {
        var prefixed = new RecordMapper(new MappingSpec { Topics = TopicRule.One("a"), HeaderPrefix = "much.longer.prefix." }, null, PartitioningRule.Key);
        var plain = new RecordMapper(new MappingSpec { Topics = TopicRule.One("b") }, null, PartitioningRule.Key);
        var record = new KafkaRecord();

        foreach (var mapper in new[] { plain, prefixed, plain })
        {
            mapper.Map(new FakeMessage().Read(), record, out _);
        }

        Assert.Equal("mqtt.topic"u8, record.Name(record.Headers[0]));
        Assert.Equal("false"u8, record.Value(record.Headers[^1]));
        Assert.Equal("plant/line1/temp"u8, record.Key);
    }

    private static FakeMessage Full() =>
        FakeMessage.Of(Payload).With("$__messageId", "m1").With("$__publisherClientId", "device-1").With("x", "1").With("x", "2");

    private static MappingSpec Key(KeySource source, string? argument) =>
        new() { Topics = TopicRule.One("target"), Key = source, KeyArgument = argument };

    private static MappingSpec Timestamp(TimestampSource source, string? path) =>
        new() { Topics = TopicRule.One("target"), Timestamp = source, TimestampPath = path };
}
