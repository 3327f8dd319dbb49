using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
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
        Assert.All(records.GroupBy(record => Encoding.UTF8.GetString(record.Message.Key!)), keys =>
            Assert.Single(keys.Select(record => record.Partition.Value).Distinct()));
    }

    [Fact]
    public async Task Send_EmptyTombstoneKeylessAndManyHeaders_KeepTheirShape()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t", 1);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));

        await test.SendAsync("t", 1, "");
        await test.SendAsync("t", 2, "", "", with: record => record.IsTombstone = true);
        await test.SendAsync("t", 3, "x", with: record =>
        {
            for (var i = 0; i < 200; i++)
            {
                record.AddHeader(Encoding.UTF8.GetBytes($"h{i % 10}"), Encoding.UTF8.GetBytes($"{i}"));
            }
        });
        await test.SettledAsync(3);

        var records = KafkaReader.Read(kafka.Bootstrap, "t", 3);
        Assert.Null(records[0].Message.Key);
        Assert.Equal("", records[0].Text());
        Assert.Empty(records[1].Message.Key!);
        Assert.Null(records[1].Text());
        var values = records[2].Message.Headers.Skip(1).Select(header => Encoding.UTF8.GetString(header.GetValueBytes()));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), values);
    }

    [Fact]
    public async Task Send_KafkaFailsForAMoment_DeliversWithoutATrouble()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("t", 1, 10);
        await test.SettledAsync(10);

        kafka.FailProduce(ErrorCode.NotEnoughReplicas, ErrorCode.Local_Transport, ErrorCode.NotLeaderForPartition, ErrorCode.RequestTimedOut);
        await test.SendManyAsync("t", 11, 1000);
        await test.SettledAsync(1010);

        Assert.Empty(test.Listener.Twice);
        Assert.DoesNotContain(test.Listener.States, state => state.Condition is SinkCondition.Lost or SinkCondition.Refused);
        Assert.Equal(1010, KafkaReader.Read(kafka.Bootstrap, "t", 1010).Count);
    }

    [Fact]
    public async Task Send_BrokerDown_BlocksAndRecoversByItself()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("t", 1, 10);
        await test.SettledAsync(10);

        kafka.Down();
        await test.SendManyAsync("t", 11, 100);
        await test.ConditionAsync(SinkCondition.Blocked);
        Assert.Equal(SendResult.QueueFull, test.Try("t", 999, "later"));
        Assert.Equal(100, test.Sink.Open);
        Assert.Contains("Nothing is lost", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.Contains("asked again without end", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.Equal((0, null), (test.Sink.State.Attempt, test.Sink.State.NextAttemptAt));
        Assert.False(test.Sink.TryNow());

        kafka.Up();
        await test.SettledAsync(110);
        await test.ConditionAsync(SinkCondition.Ready);
        Assert.Empty(test.Listener.Twice);
        Assert.Equal(110, KafkaReader.Read(kafka.Bootstrap, "t", 110).Count);
    }

    [Fact]
    public async Task Send_NoKafkaAtAll_BlocksAndNamesTheCause()
    {
        await using var test = new SinkUnderTest(SinkUnderTest.Spec("127.0.0.1:1"));

        Assert.Equal(SendResult.QueueFull, test.Try("t", 1, "x"));
        await test.ConditionAsync(SinkCondition.Blocked, () => test.Try("t", 1, "x"));

        Assert.Contains("127.0.0.1:1", test.Sink.State.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NotAuthorised_IsLostAndRenewsWhenAllowed()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("t", 1, 10);
        await test.SettledAsync(10);

        kafka.FailProduce(ErrorCode.TopicAuthorizationFailed);
        await test.SendAsync("t", 11, "denied");
        await test.ConditionAsync(SinkCondition.Lost);
        Assert.Contains("does not allow the task's user to write to the topic 't'", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.Equal(SendResult.NotReady, test.Try("t", 12, "x"));
        Assert.False(test.Listener.Outcomes.ContainsKey(11));

        await test.Sink.RenewAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SinkCondition.Ready, test.Sink.State.Condition);
        Assert.Contains(test.Listener.States, state => state.Condition == SinkCondition.Refused);
        await test.SendAsync("t", 13, "allowed");
        await test.SettledAsync(11);
        Assert.False(test.Listener.Outcomes.ContainsKey(11));
    }

    [Fact]
    public async Task Send_IdempotentProducerNotAllowed_IsLostInWordsAndRenews()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t", 1);
        kafka.FailProducerId(ErrorCode.ClusterAuthorizationFailed);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));

        await test.ConditionAsync(SinkCondition.Lost, () => test.Try("t", 1, "x"));
        Assert.Contains("IdempotentWrite", test.Sink.State.Cause, StringComparison.Ordinal);

        await test.Sink.RenewAsync(TestContext.Current.CancellationToken);
        await test.SendAsync("t", 2, "y");
        await Eventually.TrueAsync(() => test.Listener.Outcomes.ContainsKey(2), "delivered by the new producer");
    }

    [Fact]
    public async Task Send_KafkaAnswersButConfirmsNothing_SaysSo()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t", 1);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce([.. Enumerable.Repeat(ErrorCode.NotEnoughReplicas, 60)]);
        await test.SendAsync("t", 2, "y");

        await Eventually.TrueAsync(() => test.Sink.State.Cause?.Contains("min.insync.replicas", StringComparison.Ordinal) == true, "cause in words");
        Assert.Equal(SinkCondition.Blocked, test.Sink.State.Condition);
        await test.SettledAsync(2);
        await test.ConditionAsync(SinkCondition.Ready);
    }

    [Fact]
    public async Task Send_TopicMissing_IsRefusedInWordsUntilItExists()
    {
        using var kafka = new MockKafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));

        await test.ConditionAsync(SinkCondition.Refused, () => test.Try("missing", 1, "x"));
        Assert.Contains("'missing' does not exist", test.Sink.State.Cause, StringComparison.Ordinal);

        kafka.CreateTopic("missing");
        await test.ConditionAsync(SinkCondition.Ready);
        await test.SendAsync("missing", 1, "x");
        await test.SettledAsync(1);
    }

    [Fact]
    public async Task TryNow_WhileATopicIsMissing_LooksAgainAtOnce()
    {
        using var kafka = new MockKafka();
        // It stands: nothing comes by itself.
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), time: time);
        await test.ConditionAsync(SinkCondition.Refused, () => test.Try("missing", 1, "x"));
        await Eventually.TrueAsync(() => test.Sink.State.NextAttemptAt is not null, "the next attempt is planned");
        Assert.Equal((2, time.GetUtcNow() + TimeSpan.FromSeconds(5)), (test.Sink.State.Attempt, test.Sink.State.NextAttemptAt!.Value));

        Assert.True(test.Sink.TryNow());
        await Eventually.TrueAsync(() => test.Sink.State is { Attempt: 3, NextAttemptAt: not null }, "the one after it is planned");
        kafka.CreateTopic("missing");
        Assert.True(test.Sink.TryNow());

        await test.ConditionAsync(SinkCondition.Ready);
        Assert.Equal((0, null), (test.Sink.State.Attempt, test.Sink.State.NextAttemptAt));
        Assert.False(test.Sink.TryNow());
    }

    [Fact]
    public async Task Send_WrongSettings_SaysWhenTheyAreTriedAgain()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var spec = SinkUnderTest.Spec("127.0.0.1:1") with
        {
            Kafka = new KafkaSpec { BootstrapServers = "127.0.0.1:1", Security = KafkaSecurity.Ssl, CaPem = "no certificate" },
        };
        await using var test = new SinkUnderTest(spec, time: time);

        test.Try("t", 1, "x");

        await Eventually.TrueAsync(() => test.Sink.State.NextAttemptAt == time.GetUtcNow() + TimeSpan.FromSeconds(5), "the next attempt is planned");
        Assert.Equal((SinkCondition.Refused, 2), (test.Sink.State.Condition, test.Sink.State.Attempt));
        time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync(() => test.Sink.State is { Attempt: 3, NextAttemptAt: not null }, "the one after it is planned");
    }

    [Fact]
    public async Task ForgetTopics_MissingTopicNoLongerWanted_SendsToTheNewOne()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("there");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.ConditionAsync(SinkCondition.Refused, () => test.Try("missing", 1, "x"));

        test.Sink.ForgetTopics();
        await test.SendAsync("there", 1, "x");
        await test.SettledAsync(1);

        Assert.Equal(SinkCondition.Ready, test.Sink.State.Condition);
    }

    [Fact]
    public async Task Send_TopicMissingWithAutoCreate_IsCreatedFirst()
    {
        using var kafka = new MockKafka();
        var creator = new FakeTopicCreator(kafka.CreateTopic);
        var spec = SinkUnderTest.Spec(kafka.Bootstrap) with { AutoCreate = new TopicCreation { Partitions = 7 } };
        await using var test = new SinkUnderTest(spec, creator: creator);

        await test.SendManyAsync("new", 1, 100);
        await test.SettledAsync(100);

        Assert.Equal([("new", 7)], creator.Created);
    }

    [Fact]
    public async Task Send_ManyTopicsByTemplate_EachIsLookedUpOnce()
    {
        using var kafka = new MockKafka();
        var creator = new FakeTopicCreator(kafka.CreateTopic);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { AutoCreate = new TopicCreation { Partitions = 1 } }, creator: creator);

        for (var i = 0; i < 200; i++)
        {
            await test.SendAsync($"t{i % 20}", (ulong)i, "x", byMessage: true);
        }

        await test.SettledAsync(200);
        Assert.Equal(20, creator.Created.Count);
    }

    [Fact]
    public async Task Renew_AfterALoss_NoReceiptOfTheOldProducerPasses()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("t", 1, 10);
        await test.SettledAsync(10);
        kafka.Delay(TimeSpan.FromSeconds(2));
        await test.SendManyAsync("t", 11, 10);

        await test.Sink.RenewAsync(TestContext.Current.CancellationToken);
        kafka.Delay(TimeSpan.Zero);
        await test.SendManyAsync("t", 21, 10);
        await test.SettledAsync(20);

        Assert.DoesNotContain(test.Listener.Outcomes.Keys, token => token is > 10 and <= 20);
        Assert.Equal(0, test.Sink.Open);
    }

    [Fact]
    public async Task Flush_WithLongLinger_SendsAtOnce()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { Linger = TimeSpan.FromMinutes(5) });
        await test.SendManyAsync("t", 1, 10);

        Assert.True(await test.Sink.FlushAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(10, test.Listener.Count);
    }

    [Fact]
    public async Task Hurry_WithLongLinger_SendsAtOnce()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { Linger = TimeSpan.FromMinutes(5) });
        await test.SendManyAsync("t", 1, 10);

        test.Sink.Hurry();

        await test.SettledAsync(10);
    }

    [Fact]
    public async Task Hurry_KafkaComesLater_SendsAtOnce()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { Linger = TimeSpan.FromMinutes(5) });
        await test.SendManyAsync("t", 1, 10);
        kafka.Down();

        test.Sink.Hurry();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        kafka.Up();

        await test.SettledAsync(10);
    }

    [Fact]
    public async Task Dispose_WhileKafkaHangs_EndsAndSecondTimeDoesNothing()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("t", 1, 10);
        await test.SettledAsync(10);
        kafka.Down();
        await test.SendManyAsync("t", 11, 10);

        await test.DisposeAsync();
        await test.DisposeAsync();

        Assert.Equal(SendResult.NotReady, test.Try("t", 99, "x"));
        Assert.Equal(10, test.Listener.Count);
    }

    [Fact]
    public async Task Producer_TenIdleMinutes_IsClosedAndMadeAgainAtTheNextMessage()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), time: time);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);
        Assert.True(test.Sink.HasProducer);

        for (var minute = 0; minute < 12; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await Eventually.TrueAsync(() => !test.Sink.HasProducer, "producer closed");
        await test.SendAsync("t", 2, "y");
        await test.SettledAsync(2);
    }

    [Fact]
    public async Task Send_InTheSteadyState_AllocatesNothing()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), listener: new RecordingListener { CountsOnly = true });
        var record = new Portal.Engine.Mapping.KafkaRecord();
        var value = new byte[256];
        const int Messages = 100_000;
        await test.SendAsync("t", 1, "warm");
        long sent = 1;
        void Pass()
        {
            for (var i = 0; i < Messages; i++)
            {
                record.Clear();
                record.Topic = "t";
                record.SetKey("plant/1/temperature"u8);
                record.AddHeader("mqtt.topic"u8, "plant/1/temperature"u8);
                record.AddHeader("mqtt.qos"u8, "1"u8);
                sent++;
                while (test.Sink.Send(record, value, new DeliveryToken((ulong)i)) != SendResult.Taken)
                {
                    Thread.Yield();
                }

                while (test.Sink.Open > 20_000)
                {
                    Thread.Yield();
                }
            }

            SpinWait.SpinUntil(() => test.Listener.Count >= sent, TimeSpan.FromSeconds(60));
        }

        Pass();
        var (sender, reporter) = (GC.GetAllocatedBytesForCurrentThread(), test.Listener.ReporterAllocated);
        Pass();
        sender = GC.GetAllocatedBytesForCurrentThread() - sender;
        reporter = test.Listener.ReporterAllocated - reporter;

        // By thread, since other tests run beside it; a few bytes in all are the waiting at the end and the state of the sink.
        Assert.Equal(sent, test.Listener.Count);
        Assert.True((sender + reporter) / Messages < 1, $"{sender} bytes by the sender and {reporter} by the reporter for {Messages} messages");
    }
}
