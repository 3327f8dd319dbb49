using Portal.Engine.Mapping;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Mapping;

/// <summary>The mapper is called for every message: it must leave nothing behind for the garbage collector.</summary>
public class AllocationTests
{
    public static TheoryData<string, MappingSpec, PartitioningRule> Mappings => new()
    {
        { "default", new MappingSpec { Topics = TopicRule.One("target") }, PartitioningRule.Key },
        { "map", new MappingSpec { Topics = TopicRule.Map(new TopicMapRow("x/#", "x"), new TopicMapRow("plant/#", "plant")) }, PartitioningRule.Topic },
        {
            "template",
            new MappingSpec
            {
                Topics = TopicRule.Template("iot.{topic}.{clientid}.{property:x}.{payload:$.device.id}"),
                Key = KeySource.Template,
                KeyArgument = "{topic[1]}/{payload:$.device.name}",
                Timestamp = TimestampSource.PayloadPath,
                TimestampPath = "$.at",
                HeaderPrefix = "p.",
            },
            PartitioningRule.PublisherClientId
        },
        {
            "path",
            new MappingSpec { Topics = TopicRule.One("t"), Key = KeySource.PayloadPath, KeyArgument = "$.device.list[1]", Timestamp = TimestampSource.MessageTimestamp },
            PartitioningRule.Key
        },
    };

    [Theory]
    [MemberData(nameof(Mappings))]
    public void Map_HundredThousandMessages_AllocatesNothing(string name, MappingSpec mapping, PartitioningRule partitioning)
    {
        var mapper = new RecordMapper(mapping, null, partitioning);
        var record = new KafkaRecord();
        var messages = Enumerable.Range(0, 50)
            .Select(i => FakeMessage.On($"plant/line{i}/ünten", """{"device":{"name":"\u00e4","list":[0,1.5],"id":"d7"},"at":"2025-01-02T03:04:05Z"}""")
                .With("$__publisherClientId", $"device-{i}")
                .With("$__messageTimestamp", "1700000000000")
                .With("x", "a b"))
            .Select(message => (Message: message, Properties: message.Properties()))
            .ToArray();

        Run(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(100_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(allocated == 0, $"{name}: {allocated} bytes over 100 000 messages");

        void Run(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var (message, properties) = messages[i % messages.Length];
                if (mapper.Map(message.Read(properties), record, out var failure) != MapOutcome.Mapped)
                {
                    Assert.Fail(failure);
                }
            }
        }
    }
}
