using Portal.Engine.Sinks;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Sinks;

/// <summary>The sink against librdkafka's mock cluster.</summary>
public class KafkaSinkTests
{
    [Fact]
    public async Task Send_ManyRecords_EachDeliveredOnceWithKeyHeadersAndTimestamp()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));

        await test.SendManyAsync("t", 1, 2000);
        await test.SettledAsync(2000);

        Assert.Equal(2000, test.Listener.Outcomes.Count(outcome => outcome.Value == DeliveryOutcome.Delivered));
        Assert.Empty(test.Listener.Twice);
        Assert.Equal(0, test.Sink.Open);
        var records = KafkaReader.Read(kafka.Bootstrap, "t", 2000);
        Assert.Equal(2000, records.Select(record => record.Text()).Distinct().Count());
        Assert.All(records, record => Assert.Equal("plant/1", record.Header("mqtt.topic")));
        Assert.All(records, record => Assert.Equal(1_700_000_000_000, record.Message.Timestamp.UnixTimestampMs));
    }
}
