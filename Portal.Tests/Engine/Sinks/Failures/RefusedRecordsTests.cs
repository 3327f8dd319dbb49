using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Sinks.Failures;

/// <summary>What becomes of records that are refused for good, against librdkafka's mock cluster.</summary>
public class RefusedRecordsTests
{
    private static readonly DeliverySpec ToDeadLetters = new() { OnFailure = FailureAction.DeadLetter, DeadLetterTopic = "dead" };

    private static readonly DeliverySpec RetriedThenDiscarded =
        new() { OnFailure = FailureAction.Discard, RetryAttempts = 1, RetryInterval = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Send_RefusedByKafkaAsInvalid_BecomesADeadLetterWithEverythingUntouched()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters);
        await test.SendAsync("t", 1, "good", "k");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.InvalidRecord);
        await test.SendAsync("t", 2, "bad", "k2", with: record =>
        {
            record.AddHeader("a"u8, "1"u8);
            record.AddHeader("a"u8, "2"u8);
        });
        await test.SettledAsync(2);

        Assert.Equal(DeliveryOutcome.DeadLettered, test.Listener.Outcomes[2]);
        var letter = Assert.Single(KafkaReader.Read(kafka.Bootstrap, "dead", 1));
        Assert.Equal(("bad", "k2"), (letter.Text(), Encoding.UTF8.GetString(letter.Message.Key!)));
        Assert.Equal(1_700_000_000_000, letter.Message.Timestamp.UnixTimestampMs);
        Assert.Equal(
            ["mqtt.topic", "a", "a", "dead.letter.reason", "dead.letter.code", "dead.letter.task", "dead.letter.time", "dead.letter.topic", "dead.letter.target", "dead.letter.attempts"],
            letter.Message.Headers.Select(header => header.Key));
        Assert.Contains("invalid", letter.Header(DeadLetterHeaders.Reason), StringComparison.Ordinal);
        Assert.Equal("task-test0001", letter.Header(DeadLetterHeaders.Task));
        Assert.Equal("invalid-record", letter.Header(DeadLetterHeaders.Code));
        Assert.Equal("plant/1", letter.Header(DeadLetterHeaders.Topic));
        Assert.Equal("t", letter.Header(DeadLetterHeaders.Target));
        Assert.Equal("1", letter.Header(DeadLetterHeaders.Attempts));
        Assert.True(DateTimeOffset.TryParse(letter.Header(DeadLetterHeaders.Time), out _));
        Assert.Single(test.Listener.Refusals);
    }

    [Fact]
    public async Task Send_LargerThanTheTaskAllows_BecomesADeadLetterAndTheStreamGoesOn()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { MaxMessageBytes = 1000 }, ToDeadLetters);

        await test.SendManyAsync("t", 1, 10);
        await test.SendAsync("t", 11, new string('x', 2000));
        await test.SendManyAsync("t", 12, 10);
        await test.SettledAsync(21);

        Assert.Equal(DeliveryOutcome.DeadLettered, test.Listener.Outcomes[11]);
        Assert.Equal(20, test.Listener.Outcomes.Values.Count(outcome => outcome == DeliveryOutcome.Delivered));
        Assert.Equal(new string('x', 2000), Assert.Single(KafkaReader.Read(kafka.Bootstrap, "dead", 1)).Text());
    }

    [Fact]
    public async Task Refuse_MappingFailed_BecomesADeadLetterWithZeroAttempts()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters);

        await test.RefuseAsync(1, "raw", "No JSON.");
        await test.SettledAsync(1);

        var letter = Assert.Single(KafkaReader.Read(kafka.Bootstrap, "dead", 1));
        Assert.Equal(("No JSON.", "0", null), (letter.Header(DeadLetterHeaders.Reason), letter.Header(DeadLetterHeaders.Attempts), letter.Header(DeadLetterHeaders.Target)));
    }

    [Fact]
    public async Task Send_NamesAMissingTopic_BecomesADeadLetterAndOthersPass()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters);

        await test.SendAsync("nowhere", 1, "x", byMessage: true);
        await test.SendAsync("not a topic!", 2, "y", byMessage: true);
        await test.SendAsync("t", 3, "z", byMessage: true);
        await test.SettledAsync(3);

        Assert.Equal(DeliveryOutcome.DeadLettered, test.Listener.Outcomes[1]);
        Assert.Equal(DeliveryOutcome.DeadLettered, test.Listener.Outcomes[2]);
        Assert.Equal(DeliveryOutcome.Delivered, test.Listener.Outcomes[3]);
        Assert.Equal(SinkCondition.Ready, test.Sink.State.Condition);
        var reasons = KafkaReader.Read(kafka.Bootstrap, "dead", 2).Select(letter => letter.Header(DeadLetterHeaders.Reason)!).Order().ToList();
        Assert.Contains(reasons, reason => reason.Contains("'nowhere' does not exist", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Send_DeadLetterTooLarge_StopsTheTaskUnlessCuttingWasChosen()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);
        await test.SendAsync("t", 2, new string('x', 100_000));

        await test.ConditionAsync(SinkCondition.Stopped);
        Assert.Contains("does not fit into the topic 'dead'", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.Equal(1, test.Listener.Count);
    }

    [Fact]
    public async Task Send_DeadLetterTooLargeAndCuttingChosen_IsStoredCutWithItsSizeAndHash()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters with { CutLargeDeadLetters = true });
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);
        var value = new string('x', 100_000);
        await test.SendAsync("t", 2, value, "k");
        await test.SettledAsync(2);

        Assert.Equal(DeliveryOutcome.DeadLettered, test.Listener.Outcomes[2]);
        var letter = Assert.Single(KafkaReader.Read(kafka.Bootstrap, "dead", 1));
        Assert.Equal((65_536, "k"), (letter.Message.Value!.Length, Encoding.UTF8.GetString(letter.Message.Key!)));
        Assert.Equal("100000", letter.Header(DeadLetterHeaders.Size));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))), letter.Header(DeadLetterHeaders.Hash));
        Assert.Equal("too-large", letter.Header(DeadLetterHeaders.Code));
    }

    [Fact]
    public async Task Discard_ReceiptsSayWhy()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { MaxMessageBytes = 1000 });

        await test.SendAsync("t", 1, new string('x', 2000));
        await test.RefuseAsync(2, "raw", "No JSON.");
        await test.SendAsync("nowhere", 3, "x", byMessage: true);
        await test.SettledAsync(3);

        Assert.Equal(
            [RefusalReason.TooLarge, RefusalReason.MappingFailed, RefusalReason.TopicUnusable],
            new ulong[] { 1, 2, 3 }.Select(token => test.Listener.Reasons[token]));
    }

    [Fact]
    public async Task Send_DeadLetterTopicMissing_IsCreatedBeforeTheFirstRecord()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        var creator = new FakeTopicCreator(kafka.CreateTopic);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters, creator);

        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        Assert.Equal("dead", Assert.Single(creator.Created).Topic);
    }

    [Fact]
    public async Task Send_DeadLetterTopicCannotBeCreated_IsRefusedInWords()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t");
        var creator = new FakeTopicCreator(kafka.CreateTopic) { Refusal = "You may not create topics." };
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters, creator);

        await test.ConditionAsync(SinkCondition.Refused, () => test.Try("t", 1, "x"));

        Assert.Equal("You may not create topics.", test.Sink.State.Cause);
        Assert.Equal(0, test.Listener.Count);
    }

    [Fact]
    public async Task Send_RefusedTwiceThenTaken_IsDeliveredByTheRetry()
    {
        using var kafka = Kafka();
        var delivery = ToDeadLetters with { RetryAttempts = 2, RetryInterval = TimeSpan.FromMilliseconds(50) };
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), delivery);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.InvalidRecord, ErrorCode.InvalidTimestamp);
        await test.SendAsync("t", 2, "third time", "k");
        await test.SettledAsync(2);

        Assert.Equal(DeliveryOutcome.Delivered, test.Listener.Outcomes[2]);
        Assert.Contains(KafkaReader.Read(kafka.Bootstrap, "t", 2), record => record.Text() == "third time");
        Assert.Empty(test.Listener.Refusals);
    }

    [Fact]
    public async Task Send_RefusedMoreOftenThanRetries_CountsTheAttempts()
    {
        using var kafka = Kafka();
        var delivery = ToDeadLetters with { RetryAttempts = 1, RetryInterval = TimeSpan.FromMilliseconds(50) };
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), delivery);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.InvalidRecord, ErrorCode.InvalidRecord);
        await test.SendAsync("t", 2, "x");
        await test.SettledAsync(2);

        Assert.Equal("2", Assert.Single(KafkaReader.Read(kafka.Bootstrap, "dead", 1)).Header(DeadLetterHeaders.Attempts));
    }

    [Fact]
    public async Task Send_RefusedWithDiscard_IsSettledAndTold()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { MaxMessageBytes = 100 }, new DeliverySpec { OnFailure = FailureAction.Discard });

        await test.SendAsync("t", 1, new string('x', 200));
        await test.SettledAsync(1);

        Assert.Equal(DeliveryOutcome.Discarded, test.Listener.Outcomes[1]);
        Assert.Equal(0, test.Sink.Open);
        Assert.Contains("the task allows 100", Assert.Single(test.Listener.Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuse_WithKeepRaw_GoesToTheTargetWithTheReason()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), new DeliverySpec { OnFailure = FailureAction.KeepRaw });
        await test.SendAsync("t", 1, "good");

        await test.RefuseAsync(2, "raw", "No JSON.", "t");
        await test.SettledAsync(2);

        Assert.Equal(DeliveryOutcome.Delivered, test.Listener.Outcomes[2]);
        var kept = KafkaReader.Read(kafka.Bootstrap, "t", 2).Single(record => record.Text() == "raw");
        Assert.Equal(["mqtt.topic", "dead.letter.reason"], kept.Message.Headers.Select(header => header.Key));
    }

    [Fact]
    public async Task Send_RefusedWithStop_StopsAndKeepsTheMessageOpen()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), new DeliverySpec { OnFailure = FailureAction.Stop });
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.InvalidRecord);
        await test.SendAsync("t", 2, "x");
        await test.ConditionAsync(SinkCondition.Stopped);

        Assert.Contains("set to stop", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.Equal(SendResult.NotReady, test.Try("t", 3, "x"));
        Assert.DoesNotContain(2UL, test.Listener.Outcomes.Keys);
    }

    [Fact]
    public async Task Send_DeadLetterRefusedAsTooLarge_StopsInsteadOfCutting()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.MsgSizeTooLarge, ErrorCode.MsgSizeTooLarge);
        await test.SendAsync("t", 2, "x");
        await test.ConditionAsync(SinkCondition.Stopped);

        Assert.Contains("not cut silently", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain(2UL, test.Listener.Outcomes.Keys);
    }

    [Fact]
    public async Task Send_DeadLetterNotAllowed_IsLostWithWords()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), ToDeadLetters);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.InvalidRecord, ErrorCode.TopicAuthorizationFailed);
        await test.SendAsync("t", 2, "x");
        await test.ConditionAsync(SinkCondition.Lost);

        Assert.Contains("The dead letter cannot be written to 'dead'", test.Sink.State.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WholeBatchTooLarge_GoesOnWithSmallerBatches()
    {
        using var kafka = Kafka();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { Linger = TimeSpan.FromMilliseconds(300) }, ToDeadLetters);
        await test.SendAsync("t", 1, "x");
        await test.SettledAsync(1);

        kafka.FailProduce(ErrorCode.MsgSizeTooLarge);
        await test.SendAsync("t", 2, "a", "same key");
        await test.SendAsync("t", 3, "b", "same key");
        await test.ConditionAsync(SinkCondition.Lost);
        await test.Sink.RenewAsync(TestContext.Current.CancellationToken);
        await test.SendAsync("t", 4, "a", "same key");
        await test.SettledAsync(2);

        Assert.DoesNotContain(DeliveryOutcome.DeadLettered, test.Listener.Outcomes.Values);
    }

    [Fact]
    public async Task Send_OneRecordWaitsForItsRetry_TheOthersFlow()
    {
        using var kafka = Kafka();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), RetriedThenDiscarded, time: time);
        await test.SendAsync("nowhere", 1, "x", byMessage: true);

        time.Advance(TimeSpan.FromSeconds(10));
        await LookedAsync(test, 2);
        await test.SendAsync("t", 4, "y");
        await Eventually.TrueAsync(() => test.Listener.Outcomes.ContainsKey(4), "delivered beside the retry");

        Assert.Equal(1, test.Sink.Open);
        Assert.DoesNotContain(test.Listener.States, state => state.Condition != SinkCondition.Ready);
    }

    [Fact]
    public async Task Send_NamesAMissingTopicUntilItIsDiscarded_TheSinkStaysReady()
    {
        using var kafka = Kafka();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), RetriedThenDiscarded, time: time);
        await test.SendAsync("nowhere", 1, "x", byMessage: true);

        time.Advance(TimeSpan.FromSeconds(31));
        await LookedAsync(test, 2);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
                return test.Listener.Outcomes.ContainsKey(1);
            },
            "discarded");
        await LookedAsync(test, 4);

        Assert.Equal(DeliveryOutcome.Discarded, test.Listener.Outcomes[1]);
        Assert.DoesNotContain(test.Listener.States, state => state.Condition != SinkCondition.Ready);
    }

    /// <summary>The watch looks after a round's receipts were passed on, so that those of the next round tell that it did.</summary>
    private static async Task LookedAsync(SinkUnderTest test, ulong token)
    {
        for (var last = token + 1; token <= last; token++)
        {
            await test.RefuseAsync(token, "raw", "No JSON.");
            await Eventually.TrueAsync(() => test.Listener.Outcomes.ContainsKey(token), "a round of the report thread");
        }
    }

    private static MockKafka Kafka()
    {
        var kafka = new MockKafka();
        kafka.CreateTopic("t");
        kafka.CreateTopic("dead", 1);
        return kafka;
    }
}
