using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Sinks.Producing;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Sinks;

/// <summary>What may go wrong around a producer ends that producer: neither the process nor, silently, the task.</summary>
public class KafkaSinkRobustnessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Drain_KafkaDoesNotAnswerWhatSlippedIn_EndsAndTheSinkIsLost()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var listener = new RecordingListener();
        var setting = Setting(SinkUnderTest.Spec(kafka.Bootstrap), listener, new FakeTopicCreator(kafka.CreateTopic), time);
        await using var life = ProducerLife.TryBegin(setting, ProducerSettings.LargestBatch, out _)!;
        var record = new KafkaRecord { Topic = "t" };
        await Eventually.TrueAsync(() => life.Send(record, "x"u8, new DeliveryToken(1)) == SendResult.Taken, "taken");
        await Eventually.TrueAsync(() => life.Open == 0, "answered");
        kafka.Delay(TimeSpan.FromMinutes(2));
        Assert.Equal(SendResult.Taken, life.Send(record, "y"u8, new DeliveryToken(2)));

        var drain = life.DrainAsync(Cancellation);

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(250));
                return drain.IsCompleted;
            },
            "drained");
        Assert.Equal(SinkCondition.Lost, setting.Conditions.State.Condition);
        Assert.Equal(1, life.Open);
    }

    [Fact]
    public async Task TopicCreator_Throws_SinkIsLostAndRenewsWhenItWorks()
    {
        using var kafka = new MockKafka();
        var works = false;
        var creator = new FakeTopicCreator((topic, partitions) =>
        {
            if (!works)
            {
                throw new InvalidOperationException("the creator is broken");
            }

            kafka.CreateTopic(topic, partitions);
        });
        var spec = SinkUnderTest.Spec(kafka.Bootstrap) with { AutoCreate = new TopicCreation { Partitions = 1 } };
        await using var test = new SinkUnderTest(spec, creator: creator);

        await test.ConditionAsync(SinkCondition.Lost, () => test.Try("t", 1, "x"));
        Assert.Contains("the creator is broken", test.Sink.State.Cause, StringComparison.Ordinal);
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => test.Sink.RenewAsync(Cancellation));
        Assert.Equal("the creator is broken", failed.Message);

        works = true;
        await test.Sink.RenewAsync(Cancellation);
        await test.SendAsync("t", 2, "y");
        await test.SettledAsync(1);
        Assert.Equal(SinkCondition.Ready, test.Sink.State.Condition);
    }

    [Fact]
    public async Task Listener_ThrowsOnTheReportThread_SinkIsLostAndCanBeDisposed()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        var listener = new RecordingListener { OnReceiptsThrows = new InvalidOperationException("the listener is broken") };
        var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), listener: listener);

        await test.SendAsync("t", 1, "x");
        await test.ConditionAsync(SinkCondition.Lost);

        Assert.Contains("the listener is broken", test.Sink.State.Cause, StringComparison.Ordinal);
        await test.DisposeAsync();
    }

    [Fact]
    public void HeldRecord_ItsNextAttemptThrows_IsReported()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        var broken = new List<Exception>();
        var held = new HeldRecords(time, broken.Add);
        held.Hold(new KafkaRecord(), "x"u8, TimeSpan.FromSeconds(1), (_, _) => throw new InvalidOperationException("the attempt is broken"));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("the attempt is broken", Assert.Single(broken).Message);
        Assert.Equal(0, held.Count);
    }

    [Fact]
    public void ReceiptBatch_ClosedBeforeItsReceiptsArrive_PassesNoneOn()
    {
        var listener = new RecordingListener();
        var receipts = new ReceiptBatch(listener);
        receipts.Enter();
        receipts.Settle(new SinkReceipt(new DeliveryToken(1), DeliveryOutcome.Delivered));

        receipts.Close();
        receipts.PassAll();

        Assert.Equal(0, listener.Count);
        Assert.Equal(0, receipts.Open);
    }

    private static SinkSetting Setting(SinkSpec spec, RecordingListener listener, ITopicCreator creator, TimeProvider time) => new(
        "task-test0001", spec, new DeliverySpec { OnFailure = FailureAction.Discard }, listener, new SinkConditions(listener, time), creator, time,
        NullLogger.Instance);
}
