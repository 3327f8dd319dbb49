using System.Text;
using Confluent.Kafka;
using Portal.Engine.Reading;
using Portal.Engine.Specs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Reading;

public class TopicReaderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TopicReader _reader = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newest_SeveralPartitions_ComesFromAllOfThemByTime()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 3);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 0, 10, Start);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 1, 10, Start.AddMilliseconds(500));

        var (records, reading) = await ReadAsync(kafka, new TopicScan { Topic = "orders" }, 5);

        Assert.Equal(["1:9", "0:9", "1:8", "0:8", "1:7"], records.Select(Text));
        Assert.Null(reading.Cause);
        Assert.Empty(reading.Problems);
        Assert.Equal([new(0, 0, 10), new(1, 0, 10), new PartitionSpan(2, 0, 0)], reading.Partitions.Select(one => one.Span));
    }

    [Fact]
    public async Task Newest_OnePartition_LeavesTheOthersOut()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 2);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 0, 3, Start);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 1, 3, Start);

        var (records, reading) = await ReadAsync(kafka, new TopicScan { Topic = "orders", Partition = 1 }, 100);

        Assert.Equal(["1:2", "1:1", "1:0"], records.Select(Text));
        Assert.Equal(1, Assert.Single(reading.Partitions).Span.Partition);
    }

    [Fact]
    public async Task Newest_TimestampsGoBack_KeepsTheOrderOfOffsets()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        await KafkaWriter.WriteAsync(kafka.Bootstrap, "orders", 0, null, "late"u8.ToArray(), at: Start.AddHours(1));
        await KafkaWriter.WriteAsync(kafka.Bootstrap, "orders", 0, null, "early"u8.ToArray(), at: Start);

        var (records, _) = await ReadAsync(kafka, new TopicScan { Topic = "orders" }, 1);

        Assert.Equal(["early"], records.Select(Text));
    }

    [Fact]
    public async Task Scan_KeyHeadersAndTombstone_ComeAsTheyAre()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        var headers = new Headers { { "a", [0, 255] }, { "a", "second"u8.ToArray() }, { "none", null } };
        await KafkaWriter.WriteAsync(kafka.Bootstrap, "orders", 0, [1, 0, 2], null, headers, Start);

        var record = Assert.Single((await ReadAsync(kafka, new TopicScan { Topic = "orders" }, 20)).Records);

        Assert.Equal([1, 0, 2], record.Key);
        Assert.Null(record.Value);
        Assert.Equal(["a", "a", "none"], record.Headers.Select(header => header.Name));
        Assert.Equal([0, 255], record.Headers[0].Value);
        Assert.Equal("second"u8.ToArray(), record.Headers[1].Value);
        Assert.Null(record.Headers[2].Value);
        Assert.Equal(Start.ToUnixTimeMilliseconds(), record.Timestamp);
    }

    [Fact]
    public async Task Scan_LongValue_IsCutAndSaysHowLongItIs()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        await KafkaWriter.WriteAsync(kafka.Bootstrap, "orders", 0, null, new byte[5_000]);

        var record = Assert.Single((await ReadAsync(kafka, new TopicScan { Topic = "orders", MaxValueBytes = 1_000 }, 1)).Records);

        Assert.Equal((1_000, 5_000, true), (record.Value!.Length, record.ValueBytes, record.IsTruncated));
    }

    [Fact]
    public async Task Scan_EnoughBytes_EndsAndNamesThePartition()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 0, 100, Start);

        var taken = 0;
        var reading = await _reader.ScanAsync(
            Spec(kafka), new TopicScan { Topic = "orders", MaxBytes = 50 }, _ => ++taken > 0, Stop);

        Assert.InRange(taken, 5, 20);
        Assert.Contains("as much as is allowed", Assert.Single(reading.Problems));
    }

    [Fact]
    public async Task Scan_TakeSaysNo_EndsAtOnce()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 0, 10, Start);

        var taken = new List<long>();
        var reading = await _reader.ScanAsync(
            Spec(kafka),
            new TopicScan { Topic = "orders", Choose = span => new OffsetRange(4, span.High) },
            record =>
            {
                taken.Add(record.Offset);
                return taken.Count < 3;
            },
            Stop);

        Assert.Equal([4, 5, 6], taken);
        Assert.Empty(reading.Problems);
    }

    [Fact]
    public async Task Scan_MissingTopic_SaysSoAndMakesNone()
    {
        using var kafka = new MockKafka();

        var reading = await _reader.ScanAsync(Spec(kafka), new TopicScan { Topic = "nowhere" }, _ => true, Stop);

        Assert.True(reading.IsMissing);
        Assert.Contains("'nowhere' does not exist", reading.Cause);
        var again = await _reader.ScanAsync(Spec(kafka), new TopicScan { Topic = "nowhere" }, _ => true, Stop);
        Assert.True(again.IsMissing);
    }

    [Fact]
    public async Task Scan_PartitionThatIsNotThere_SaysHowManyThereAre()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 2);

        var reading = await _reader.ScanAsync(Spec(kafka), new TopicScan { Topic = "orders", Partition = 7 }, _ => true, Stop);

        Assert.Contains("no partition 7: it has 2", reading.Cause);
    }

    [Fact]
    public async Task Newest_OneBrokerIsDown_NamesItsPartitionAndReadsTheOthers()
    {
        using var kafka = new MockKafka(brokers: 2);
        kafka.CreateTopic("orders", 3);
        kafka.Lead("orders", 0, 1);
        kafka.Lead("orders", 1, 2);
        kafka.Lead("orders", 2, 1);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 0, 2, Start);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "orders", 2, 2, Start.AddMilliseconds(1));
        kafka.Down(2);

        var (records, reading) = await ReadAsync(kafka, new TopicScan { Topic = "orders" }, 20);

        Assert.Equal(["2:1", "0:1", "2:0", "0:0"], records.Select(Text));
        Assert.StartsWith("Partition 1: it has no leader", Assert.Single(reading.Problems));
    }

    [Fact]
    public async Task Scan_KafkaIsDown_SaysSoInTime()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        kafka.Down();

        var reading = await _reader.ScanAsync(
            Spec(kafka), new TopicScan { Topic = "orders", Limit = TimeSpan.FromSeconds(1) }, _ => true, Stop);

        Assert.Contains($"Kafka at {kafka.Bootstrap} did not answer", reading.Cause);
    }

    [Fact]
    public async Task Scan_Cancelled_EndsWithoutWaitingForKafka()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("orders", 1);
        kafka.Delay(TimeSpan.FromSeconds(30));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = _reader.ScanAsync(
            Spec(kafka), new TopicScan { Topic = "orders", Limit = TimeSpan.FromMinutes(10) }, _ => true, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task Scan_WrongSettings_SaysWhich()
    {
        var kafka = new KafkaSpec { BootstrapServers = "127.0.0.1:1", Security = KafkaSecurity.Ssl, CaPem = "not a certificate" };

        var reading = await _reader.ScanAsync(kafka, new TopicScan { Topic = "orders", Limit = TimeSpan.FromSeconds(2) }, _ => true, Stop);

        Assert.StartsWith("The settings of this Kafka instance cannot be used", reading.Cause);
    }

    private static KafkaSpec Spec(MockKafka kafka) => new() { BootstrapServers = kafka.Bootstrap };

    private static string Text(TopicRecord record) => Encoding.UTF8.GetString(record.Value!);

    private Task<(IReadOnlyList<TopicRecord> Records, TopicReading Reading)> ReadAsync(MockKafka kafka, TopicScan scan, int count) =>
        _reader.ReadNewestAsync(Spec(kafka), scan, count, Stop);
}
