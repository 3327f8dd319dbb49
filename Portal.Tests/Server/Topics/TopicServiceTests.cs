using Portal.Client.Contracts;
using Portal.Engine.Reading;
using Portal.Server.Data.Entities;
using Portal.Server.Topics;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Topics;

public sealed class TopicServiceTests : IDisposable
{
    private readonly ServiceBench _bench = new();
    private readonly MockKafka _kafka = new();
    private readonly FakeTopicReader _reader = new();
    private readonly FakeTopicCreator _creator = new((_, _) => { });
    private readonly TopicService _service;

    public TopicServiceTests()
    {
        var instances = new KafkaInstances(_bench.Database, _bench.Specs);
        var creation = new TopicCreation(_bench.Database, instances, [_creator], _bench.Gate, _bench.Audit);
        _service = new TopicService(_bench.Database, instances, _reader, creation, _bench.Gate, _bench.Audit, _bench.Time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _kafka.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Read_Viewer_GetsRecordsAndIsAudited()
    {
        var id = await AddInstanceAsync();
        _reader.Topics["orders"] = [new TopicRecord(2, 7, 1_000, "k"u8.ToArray(), [new KafkaHeader("h", null)], "v"u8.ToArray(), 1)];
        _bench.Actor.Who = ServerDatabase.Vera;

        var result = await _service.ReadAsync(id, "orders", new RecordQuery { Count = 5 }, Stop);

        var record = Assert.Single(result.Value!.Records);
        Assert.Equal((2, 7L, DateTimeOffset.FromUnixTimeMilliseconds(1_000)), (record.Partition, record.Offset, record.At));
        var entry = Assert.Single(await _bench.AuditAsync());
        Assert.Equal(("read", "topic", "orders", "done"), (entry.Action, entry.ObjectKind, entry.ObjectName, entry.Result));
        Assert.Contains("newest 5 records of all partitions", entry.Change);
        Assert.Equal(_kafka.Bootstrap, Assert.Single(_reader.Scans).Kafka.BootstrapServers);
    }

    [Fact]
    public async Task Read_WithoutARole_IsRefusedAndAudited()
    {
        var id = await AddInstanceAsync();
        _reader.Topics["orders"] = [];
        _bench.Actor.Who = new Portal.Server.Security.Actor("nora", "no such user");

        var result = await _service.ReadAsync(id, "orders", new RecordQuery(), Stop);

        Assert.Equal(CommandOutcome.Forbidden, result.Outcome);
        Assert.Contains("role Viewer or Administrator", result.Text);
        Assert.Empty(_reader.Scans);
        Assert.Equal("denied", Assert.Single(await _bench.AuditAsync()).Result);
    }

    [Fact]
    public async Task Read_PartitionSilent_GivesTheRestAndNamesIt()
    {
        var id = await AddInstanceAsync();
        _reader.Topics["orders"] = [new TopicRecord(1, 0, 1, null, [], null, 0)];
        _reader.Problem = "it has no leader.";

        var result = await _service.ReadAsync(id, "orders", new RecordQuery(), Stop);

        Assert.Single(result.Value!.Records);
        Assert.Equal("it has no leader.", Assert.Single(result.Value.Partitions, one => one.Problem is not null).Problem);
    }

    [Fact]
    public async Task Read_MissingTopic_IsNotFound()
    {
        var id = await AddInstanceAsync();

        Assert.Equal(CommandOutcome.NotFound, (await _service.ReadAsync(id, "nowhere", new RecordQuery(), Stop)).Outcome);
        Assert.Equal(CommandOutcome.NotFound, (await _service.ReadAsync("ckafka-none", "orders", new RecordQuery(), Stop)).Outcome);
    }

    [Fact]
    public async Task Find_LongValue_GivesAllOfIt()
    {
        var id = await AddInstanceAsync();
        _reader.Topics["orders"] = [new TopicRecord(0, 3, 1, null, [], new byte[200_000], 200_000)];

        var result = await _service.FindAsync(id, "orders", 0, 3, Stop);

        Assert.Equal(200_000, result.Value!.Value!.Length);
        Assert.False(result.Value.IsTruncated);
        Assert.Equal(CommandOutcome.NotFound, (await _service.FindAsync(id, "orders", 0, 4, Stop)).Outcome);
    }

    [Fact]
    public async Task List_NamesTheTasksThatUseATopic()
    {
        var id = await AddInstanceAsync();
        _kafka.CreateTopic("orders", 3);
        _kafka.CreateTopic("orders.dlq", 1);
        _kafka.CreateTopic("alone", 1);
        await _bench.Database.AddMqttClusterAsync();
        await _bench.Database.AddConnectionAsync();
        var task = await _bench.Database.AddConnectorTaskAsync("orders", instanceId: id);

        var list = await _service.ListAsync(id, Stop);

        Assert.Equal(["alone", "orders", "orders.dlq"], list.Value!.Select(topic => topic.Name));
        Assert.Empty(list.Value![0].UsedBy);
        Assert.Equal(new TopicUser(task.Id, "orders", TopicUse.Target), Assert.Single(list.Value[1].UsedBy));
        Assert.Equal(TopicUse.DeadLetters, Assert.Single(list.Value[2].UsedBy).Use);
        Assert.Equal(3, list.Value[1].Partitions);
    }

    [Fact]
    public async Task Create_AllWrong_SaysEverythingAtOnce()
    {
        var id = await AddInstanceAsync(embedded: true);

        var result = await _service.CreateAsync(id, new TopicDraft { Name = "a b", Partitions = 0, Replicas = 3, RetentionHours = 1, Cleanup = "compact" }, Stop);

        Assert.Equal(["Name", "Partitions", "Replicas", "RetentionHours", "Cleanup"], result.Errors.Select(error => error.Field));
        Assert.Contains("Not offered here", result.Errors[2].Text);
        Assert.Empty(_creator.Created);
    }

    [Fact]
    public async Task Create_ExistsAlready_IsRefusedAtTheName()
    {
        var id = await AddInstanceAsync();
        _kafka.CreateTopic("orders", 1);

        var result = await _service.CreateAsync(id, new TopicDraft { Name = "orders" }, Stop);

        Assert.Equal("Name", Assert.Single(result.Errors).Field);
        Assert.Contains("exists already", result.Text);
    }

    [Fact]
    public async Task Create_KafkaRefuses_TellsItsWordsAndAuditsTheFailure()
    {
        var id = await AddInstanceAsync();
        _creator.Refusal = "Kafka did not create the topic 'orders': replication factor 3. Choose fewer.";

        var result = await _service.CreateAsync(id, new TopicDraft { Name = "orders", Replicas = 3 }, Stop);

        Assert.Equal((CommandOutcome.Refused, _creator.Refusal), (result.Outcome, result.Text));
        Assert.Equal("failed", Assert.Single(await _bench.AuditAsync()).Result);
    }

    [Fact]
    public async Task Create_Viewer_IsRefused()
    {
        var id = await AddInstanceAsync();
        _bench.Actor.Who = ServerDatabase.Vera;

        Assert.Equal(CommandOutcome.Forbidden, (await _service.CreateAsync(id, new TopicDraft { Name = "orders" }, Stop)).Outcome);
        Assert.Empty(_creator.Created);
    }

    private async Task<string> AddInstanceAsync(bool embedded = false)
    {
        var row = new KafkaInstance
        {
            Id = "ckafka-orders01",
            Name = "kafka",
            Region = "local",
            BootstrapServers = _kafka.Bootstrap,
            IsEmbedded = embedded,
            CreatedBy = "anna",
        };
        await _bench.Database.AddAsync(row);
        return row.Id;
    }
}
