using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Portal.Sandbox.Kafka;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Sandbox.Kafka;

public sealed class EmbeddedKafkaTests
{
    private const short Produce = 0;

    [Fact]
    public async Task Produce_ThroughTheConfiguredPort_IsConsumedAgain()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        kafka.CreateTopic("orders", 6, 3);
        using var producer = Producer(kafka);

        for (var i = 0; i < 100; i++)
        {
            await producer.ProduceAsync("orders", Message(i), TestContext.Current.CancellationToken);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}").Order(), Consume(kafka, "orders", 100).Order());
    }

    [Fact]
    public async Task Metadata_Always_NamesTheRelayAndNotThePortBehindIt()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        kafka.CreateTopic("orders", 6);
        using var admin = new AdminClientBuilder(Config(kafka)).Build();

        var metadata = admin.GetMetadata(TimeSpan.FromSeconds(30));

        Assert.Equal(kafka.Bootstrap, string.Join(',', metadata.Brokers.Select(broker => $"{broker.Host}:{broker.Port}")));
        Assert.Equal(6, metadata.Topics.Single(topic => topic.Topic == "orders").Partitions.Count);
    }

    [Fact]
    public async Task UnknownTopic_WrittenTo_IsMadeWithTheDefaultPartitions()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        using var producer = Producer(kafka);

        await producer.ProduceAsync("made-on-the-way", Message(1), TestContext.Current.CancellationToken);

        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        Assert.Equal(EmbeddedKafka.DefaultPartitions, admin.GetMetadata("made-on-the-way", TimeSpan.FromSeconds(30)).Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task CreateTopic_Twice_KeepsTheFirst()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        kafka.CreateTopic("orders", 2);
        kafka.CreateTopic("orders", 5);
        using var admin = new AdminClientBuilder(Config(kafka)).Build();

        Assert.Equal(2, admin.GetMetadata("orders", TimeSpan.FromSeconds(30)).Topics.Single().Partitions.Count);
    }

    [Theory]
    [InlineData("orders", 0)]
    [InlineData("", 1)]
    [InlineData("..", 1)]
    [InlineData("a/b", 1)]
    [InlineData("line\n", 1)]
    public async Task CreateTopic_ThatNoKafkaWouldTake_IsRefused(string name, int partitions)
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);

        Assert.Throws<EmbeddedKafkaException>(() => kafka.CreateTopic(name, partitions));
    }

    [Fact]
    public async Task Down_AndUpAgain_DeliversWhatWaited()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        kafka.CreateTopic("orders", 1);
        using var producer = Producer(kafka);
        await producer.ProduceAsync("orders", Message(0), TestContext.Current.CancellationToken);

        kafka.SetDown();
        var waiting = producer.ProduceAsync("orders", Message(1), TestContext.Current.CancellationToken);
        Assert.False(await EndsWithinAsync(waiting, TimeSpan.FromSeconds(1)));
        kafka.SetUp();
        await waiting;

        Assert.Equal(["0", "1"], Consume(kafka, "orders", 2));
    }

    [Fact]
    public async Task FailRequests_WithARetriableError_IsRetriedByTheProducer()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        kafka.CreateTopic("orders", 1);
        using var producer = Producer(kafka);
        kafka.FailRequests(Produce, (int)ErrorCode.NotEnoughReplicas, (int)ErrorCode.NotEnoughReplicas);

        var result = await producer.ProduceAsync("orders", Message(0), TestContext.Current.CancellationToken);

        Assert.Equal(PersistenceStatus.Persisted, result.Status);
        Assert.Equal(["0"], Consume(kafka, "orders", 1));
    }

    [Fact]
    public async Task FailRequests_WithAFinalError_ReachesTheProducer()
    {
        await using var kafka = EmbeddedKafka.Start(IPAddress.Loopback, 0);
        kafka.CreateTopic("orders", 1);
        using var producer = Producer(kafka);
        kafka.FailRequests(Produce, (int)ErrorCode.TopicAuthorizationFailed);

        var refused = await Assert.ThrowsAsync<ProduceException<string, string>>(
            () => producer.ProduceAsync("orders", Message(0), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.TopicAuthorizationFailed, refused.Error.Code);
    }

    [Fact]
    public async Task Dispose_WithClientsConnected_EndsAndFreesThePort()
    {
        var kafka = EmbeddedKafka.Start(IPAddress.Loopback, FreePort.Next());
        using var producer = Producer(kafka);
        await producer.ProduceAsync("orders", Message(0), TestContext.Current.CancellationToken);

        await kafka.DisposeAsync();
        await kafka.DisposeAsync();
        await using var again = EmbeddedKafka.Start(IPAddress.Loopback, kafka.Port);

        Assert.Equal(kafka.Port, again.Port);
        Assert.Throws<ObjectDisposedException>(() => kafka.CreateTopic("late", 1));
    }

    [Fact]
    public async Task Start_OnABusyPort_SaysSo()
    {
        await using var first = EmbeddedKafka.Start(IPAddress.Loopback, 0);

        var refused = Assert.Throws<SocketException>(() => EmbeddedKafka.Start(IPAddress.Loopback, first.Port));

        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan limit) =>
        await Task.WhenAny(task, Task.Delay(limit, TestContext.Current.CancellationToken)) == task;

    private static ClientConfig Config(EmbeddedKafka kafka) => new() { BootstrapServers = kafka.Bootstrap };

    private static IProducer<string, string> Producer(EmbeddedKafka kafka) =>
        new ProducerBuilder<string, string>(new ProducerConfig(Config(kafka)) { Acks = Acks.All, EnableIdempotence = true, LingerMs = 0 })
            .SetLogHandler((_, _) => { })
            .Build();

    private static Message<string, string> Message(int i) => new() { Key = $"key{i}", Value = $"{i}" };

    private static List<string> Consume(EmbeddedKafka kafka, string topic, int count)
    {
        var config = new ConsumerConfig(Config(kafka)) { GroupId = "test", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false };
        using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(30)).Topics.Single().Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var values = new List<string>();
        while (values.Count < count && consumer.Consume(TimeSpan.FromSeconds(30)) is { } result)
        {
            values.Add(result.Message.Value);
        }

        return values;
    }
}
