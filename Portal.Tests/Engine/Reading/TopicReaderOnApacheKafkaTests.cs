using System.Text;
using Confluent.Kafka.Admin;
using Portal.Engine.Reading;
using Portal.Engine.Specs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Reading;

/// <summary>The reader against a real Apache Kafka.</summary>
public class TopicReaderOnApacheKafkaTests(SharedKafka shared) : IClassFixture<SharedKafka>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TopicReader _reader = new(TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newest_RecordsDeletedBelow_BeginsAtTheLowWatermarkAndCommitsNothing()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("read-low", 2);
        await KafkaWriter.WriteNumbersAsync(kafka.Bootstrap, "read-low", 0, 200, Start);
        using var admin = kafka.Admin();
        await admin.DeleteRecordsAsync([new("read-low", 0, 190)]);

        var (records, reading) = await _reader.ReadNewestAsync(Spec(kafka), new TopicScan { Topic = "read-low" }, 100, Stop);

        Assert.Equal(Enumerable.Range(190, 10).Reverse().Select(number => $"0:{number}"), records.Select(record => Encoding.UTF8.GetString(record.Value!)));
        Assert.Equal([new(0, 190, 200), new PartitionSpan(1, 0, 0)], reading.Partitions.Select(one => one.Span));
        Assert.Empty((await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions())).Valid);
    }

    [Fact]
    public async Task Scan_TopicIsMissing_DoesNotMakeItThoughKafkaWould()
    {
        var kafka = await shared.GetAsync();

        var reading = await _reader.ScanAsync(Spec(kafka), new TopicScan { Topic = "read-nowhere" }, _ => true, Stop);

        Assert.True(reading.IsMissing);
        Assert.Equal(0, kafka.PartitionsOf("read-nowhere"));
    }

    [Fact]
    public async Task Scan_KafkaFrozen_EndsAndSaysSo()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("read-frozen", 1);
        kafka.Freeze();
        try
        {
            var scan = new TopicScan { Topic = "read-frozen", Limit = TimeSpan.FromSeconds(2) };

            var reading = await _reader.ScanAsync(Spec(kafka), scan, _ => true, Stop);

            Assert.Contains("did not answer", reading.Cause ?? string.Join(' ', reading.Problems));
        }
        finally
        {
            kafka.Thaw();
        }
    }

    private static KafkaSpec Spec(ApacheKafka kafka) => new() { BootstrapServers = kafka.Bootstrap };
}
