using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Checks;

namespace Portal.Tests.Server.ConnectorTasks.Checks;

public class ConnectorTaskValidatorTests
{
    [Fact]
    public void CheckDraft_Valid_FindsNothing() => Assert.Empty(ConnectorTaskValidator.CheckDraft(Drafts.Valid));

    public static TheoryData<string, ConnectorTaskDraft, string> Wrong => new()
    {
        { "no name", Drafts.Valid with { Name = "" }, "Name" },
        { "name begins with a digit", Drafts.Valid with { Name = "7line" }, "Name" },
        { "name with a space", Drafts.Valid with { Name = "line 7" }, "Name" },
        { "name not ASCII", Drafts.Valid with { Name = "línea" }, "Name" },
        { "name too long", Drafts.Valid with { Name = new string('a', 65) }, "Name" },
        { "description too long", Drafts.Valid with { Description = new string('a', 129) }, "Description" },
        { "no topics", Drafts.Valid with { Topics = [] }, "Topics" },
        { "too many topics", Drafts.Valid with { Topics = [.. Enumerable.Range(0, 201).Select(n => $"t/{n}")] }, "Topics" },
        { "bad filter", Drafts.Valid with { Topics = ["a/#", "a/#/b"] }, "Topics[1]" },
        { "filter twice", Drafts.Valid with { Topics = ["a/+", "a/+"] }, "Topics[1]" },
        { "QoS 3", Drafts.Valid with { Qos = 3 }, "Qos" },
        { "no clients", Drafts.Valid with { Clients = 0 }, "Clients" },
        { "too many clients", Drafts.Valid with { Clients = 65 }, "Clients" },
        { "more clients than memory", Drafts.Valid with { Clients = int.MaxValue }, "Clients" },
        { "a retention beyond all times", Drafts.Valid with { AutoCreate = new TopicCreationSettings { RetentionHours = int.MaxValue } }, "AutoCreate.RetentionHours" },
        { "bad SQL", Drafts.Valid with { Filter = "temp >" }, "Filter" },
        { "no Kafka topic", Drafts.Valid with { Topic = "" }, "Topic" },
        { "bad Kafka topic", Drafts.Valid with { Topic = "line 7" }, "Topic" },
        { "empty map", Drafts.Valid with { Distribution = DistributionPolicy.TopicMap }, "TopicMap" },
        { "bad topic in the map", Drafts.Valid with { Distribution = DistributionPolicy.TopicMap, TopicMap = [new TopicMapEntry("a/#", "a b")] }, "TopicMap[0].Topic" },
        { "bad filter in the map", Drafts.Valid with { Distribution = DistributionPolicy.TopicMap, TopicMap = [new TopicMapEntry("a#", "a")] }, "TopicMap[0].Filter" },
        { "bad template", Drafts.Valid with { Distribution = DistributionPolicy.Template, TopicTemplate = "x.{topic" }, "TopicTemplate" },
        { "key without its argument", Drafts.Valid with { Key = KeyKind.UserProperty }, "KeyArgument" },
        { "timestamp without its path", Drafts.Valid with { Timestamp = TimestampKind.PayloadPath }, "TimestampPath" },
        { "no partitions", Drafts.Valid with { AutoCreate = new TopicCreationSettings { Partitions = 0 } }, "AutoCreate.Partitions" },
        { "no replicas", Drafts.Valid with { AutoCreate = new TopicCreationSettings { Replicas = 0 } }, "AutoCreate.Replicas" },
        { "no retention", Drafts.Valid with { AutoCreate = new TopicCreationSettings { RetentionHours = 0 } }, "AutoCreate.RetentionHours" },
        { "unknown clean-up", Drafts.Valid with { AutoCreate = new TopicCreationSettings { Cleanup = "shred" } }, "AutoCreate.Cleanup" },
        { "negative partition", Drafts.Valid with { Partitioning = PartitioningKind.Fixed, FixedPartition = -1 }, "FixedPartition" },
        { "dead letters into the target", Drafts.Valid with { DeadLetterTopic = "orders" }, "DeadLetterTopic" },
        { "bad dead-letter topic", Drafts.Valid with { DeadLetterTopic = "a b" }, "DeadLetterTopic" },
        { "too many retries", Drafts.Valid with { RetryAttempts = 101 }, "RetryAttempts" },
        { "no throughput", Drafts.Valid with { LimitMegabytesPerSecond = 0 }, "LimitMegabytesPerSecond" },
        { "no messages", Drafts.Valid with { LimitMessagesPerSecond = 0 }, "LimitMessagesPerSecond" },
        { "no record fits", Drafts.Valid with { LargestRecordKilobytes = 0 }, "LargestRecordKilobytes" },
        { "a record larger than librdkafka's", Drafts.Valid with { LargestRecordKilobytes = 1_000_000 }, "LargestRecordKilobytes" },
        { "no pause between retries", Drafts.Valid with { RetryIntervalSeconds = 0 }, "RetryIntervalSeconds" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void CheckDraft_OneThingWrong_IsSaidOnceAtItsField(string what, ConnectorTaskDraft draft, string field)
    {
        var errors = ConnectorTaskValidator.CheckDraft(draft);

        Assert.True(errors.Count == 1, $"{what}: {string.Join(" | ", errors)}");
        Assert.Equal(field, errors[0].Field);
    }

    [Fact]
    public void CheckDraft_ManyThingsWrong_SaysAll()
    {
        var errors = ConnectorTaskValidator.CheckDraft(Drafts.Valid with { Name = "", Topics = ["a/#/b"], Qos = 9, Clients = 0, Topic = "", Filter = "((" });

        Assert.Superset(new HashSet<string> { "Name", "Topics[0]", "Qos", "Clients", "Topic", "Filter" }, errors.Select(error => error.Field).ToHashSet());
    }

    [Fact]
    public async Task Check_PlacesUnknownOrFarApart_SaysSoAtTheChoice()
    {
        await using var bench = await TaskBench.StartAsync();

        Assert.Equal(["ConnectionId", "KafkaInstanceId"], await FieldsAsync(Drafts.Valid with { ConnectionId = "", KafkaInstanceId = "ckafka-unknown1" }));
        Assert.Equal(["KafkaInstanceId"], await FieldsAsync(Drafts.Valid with { KafkaInstanceId = "ckafka-ssssssss" }));
        Assert.Empty(await FieldsAsync(Drafts.Valid with { KafkaInstanceId = "ckafka-ssssssss", AllowOtherRegion = true }));

        async Task<IEnumerable<string>> FieldsAsync(ConnectorTaskDraft draft) =>
            (await bench.Tasks.CheckAsync(null, draft, TaskBench.Token)).Select(error => error.Field);
    }
}
