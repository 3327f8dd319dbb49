using Confluent.Kafka.Admin;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Specs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Sinks;

/// <summary>The sink against a real Apache Kafka.</summary>
public class KafkaSinkOnApacheKafkaTests(SharedKafka shared) : IClassFixture<SharedKafka>
{
    [Fact]
    public async Task Send_KafkaFrozen_BlocksAndEverythingArrivesOnceAfterwards()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("frozen");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("frozen", 1, 1000);
        await test.SettledAsync(1000);

        kafka.Freeze();
        await test.SendManyAsync("frozen", 1001, 5000);
        await test.ConditionAsync(SinkCondition.Blocked);
        Assert.Contains("does not answer", test.Sink.State.Cause, StringComparison.Ordinal);
        kafka.Thaw();
        await test.SettledAsync(6000);
        await test.ConditionAsync(SinkCondition.Ready);

        Assert.Empty(test.Listener.Twice);
        var records = KafkaReader.Read(kafka.Bootstrap, "frozen", 6000);
        Assert.Equal(6000, records.Count);
        Assert.Equal(6000, records.Select(record => record.Text()).Distinct().Count());
    }

    [Fact]
    public async Task Send_TopicDeletedUnderLoad_IsLostThenRefusedUntilItIsCreatedAgain()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("deleted");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("deleted", 1, 1000);
        await test.SettledAsync(1000);

        await kafka.DeleteTopicAsync("deleted");
        ulong token = 1001;
        await test.ConditionAsync(SinkCondition.Lost, () => test.Try("deleted", token++, "x"));
        Assert.Contains("'deleted' or its partition no longer exists", test.Sink.State.Cause, StringComparison.Ordinal);

        var renewing = test.Sink.RenewAsync(TestContext.Current.CancellationToken);
        await test.ConditionAsync(SinkCondition.Refused);
        Assert.Contains("'deleted' does not exist", test.Sink.State.Cause, StringComparison.Ordinal);
        Assert.Equal(0, kafka.PartitionsOf("deleted"));

        await kafka.CreateTopicAsync("deleted");
        await renewing;
        Assert.Equal(SinkCondition.Ready, test.Sink.State.Condition);
        await test.SendAsync("deleted", 1_000_000, "again");
        await Eventually.TrueAsync(() => test.Listener.Outcomes.ContainsKey(1_000_000), "delivered to the new topic");
        Assert.Empty(test.Listener.Twice);
    }

    [Fact]
    public async Task Send_TopicMissing_IsNotCreatedByAsking()
    {
        var kafka = await shared.GetAsync();
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));

        await test.ConditionAsync(SinkCondition.Refused, () => test.Try("nobody-made-me", 1, "x"));

        Assert.Equal(0, kafka.PartitionsOf("nobody-made-me"));
    }

    [Fact]
    public async Task Send_AutoCreate_CreatesWithTheSettingsOfTheTask()
    {
        var kafka = await shared.GetAsync();
        var creation = new TopicCreation { Partitions = 5, Retention = TimeSpan.FromHours(3), Cleanup = "compact,delete" };
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { AutoCreate = creation });

        await test.SendAsync("made", 1, "x", "key");
        await test.SettledAsync(1);

        Assert.Equal(5, kafka.PartitionsOf("made"));
        using var admin = kafka.Admin();
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "made" }]);
        Assert.Equal("10800000", described[0].Entries["retention.ms"].Value);
        Assert.Equal("compact,delete", described[0].Entries["cleanup.policy"].Value);
    }

    [Fact]
    public async Task Send_KeylessToACompactedTopic_GoesToTheDeadLettersAndTheOthersArrive()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("compacted", 1, new Dictionary<string, string> { ["cleanup.policy"] = "compact" });
        var spec = SinkUnderTest.Spec(kafka.Bootstrap) with { Linger = TimeSpan.FromMilliseconds(200) };
        await using var test = new SinkUnderTest(spec, new DeliverySpec { OnFailure = FailureAction.DeadLetter, DeadLetterTopic = "compacted-dead" });

        for (ulong i = 1; i <= 50; i++)
        {
            await test.SendAsync("compacted", i, $"value {i}", i % 10 == 0 ? null : $"key {i}");
        }

        await test.SettledAsync(50);
        Assert.Equal(5, test.Listener.Outcomes.Values.Count(outcome => outcome == DeliveryOutcome.DeadLettered));
        var letters = KafkaReader.Read(kafka.Bootstrap, "compacted-dead", 5);
        Assert.Equal(["value 10", "value 20", "value 30", "value 40", "value 50"], letters.Select(letter => letter.Text()).Order());
        Assert.All(letters, letter => Assert.Contains("invalid", letter.Header(DeadLetterHeaders.Reason), StringComparison.Ordinal));
        Assert.Equal(45, KafkaReader.Read(kafka.Bootstrap, "compacted", 45).Select(record => record.Text()).Distinct().Count());
    }

    [Theory]
    [InlineData(FailureAction.DeadLetter)]
    [InlineData(FailureAction.KeepRaw)]
    public async Task Send_ClockAheadByDays_IsKeptWithTheTimeOfItsRefusal(FailureAction action)
    {
        var kafka = await shared.GetAsync();
        var topic = $"ahead-{action}";
        var dead = action == FailureAction.DeadLetter ? $"{topic}-dead" : null;
        await kafka.CreateTopicAsync(topic, 1);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap), new DeliverySpec { OnFailure = action, DeadLetterTopic = dead });
        var ahead = DateTimeOffset.UtcNow.AddDays(3).ToUnixTimeMilliseconds();

        await test.SendAsync(topic, 1, "early", "key", with: record => record.Timestamp = ahead);
        await test.SendAsync(topic, 2, "in time", "key");

        await test.SettledAsync(2);
        var kept = KafkaReader.Read(kafka.Bootstrap, dead ?? topic, dead is null ? 2 : 1).Single(record => record.Text() == "early");
        Assert.Equal($"{ahead}", kept.Header(DeadLetterHeaders.Timestamp));
        Assert.True(kept.Message.Timestamp.UtcDateTime < DateTime.UtcNow.AddHours(1), $"{kept.Message.Timestamp.UtcDateTime:O}");
        Assert.Equal(SinkCondition.Ready, test.Sink.State.Condition);
    }

    [Fact]
    public async Task Send_KeptRawAfterARefusal_StaysInThePartitionOfItsRule()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("kept-by-rule", 8);
        var spec = SinkUnderTest.Spec(kafka.Bootstrap) with { Partitioning = PartitioningRule.Topic };
        await using var test = new SinkUnderTest(spec, new DeliverySpec { OnFailure = FailureAction.KeepRaw });
        var ahead = DateTimeOffset.UtcNow.AddDays(3).ToUnixTimeMilliseconds();

        for (ulong i = 1; i <= 40; i++)
        {
            var late = i % 2 == 0;
            await test.SendAsync("kept-by-rule", i, $"{i}", with: record =>
            {
                record.SetPartitionKey("plant/7"u8);
                record.Timestamp = late ? ahead : record.Timestamp;
            });
        }

        await test.SettledAsync(40);
        Assert.All(test.Listener.Outcomes.Values, outcome => Assert.Equal(DeliveryOutcome.Delivered, outcome));
        Assert.Single(KafkaReader.Read(kafka.Bootstrap, "kept-by-rule", 40).Select(record => record.Partition.Value).Distinct());
    }

    [Fact]
    public async Task Send_TopicWithASmallLimit_ShrinksBatchesAndOnlyTheLargeRecordDies()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("small", 1, new Dictionary<string, string> { ["max.message.bytes"] = "20000" });
        var spec = SinkUnderTest.Spec(kafka.Bootstrap) with { Linger = TimeSpan.FromMilliseconds(200) };
        await using var test = new SinkUnderTest(spec, new DeliverySpec { OnFailure = FailureAction.DeadLetter, DeadLetterTopic = "small-dead" });
        var large = new string('x', 50_000);

        // As a pipeline does: what was open is sent again after a renewal, until everything is settled.
        await Eventually.TrueAsync(
            async () =>
            {
                if (test.Sink.State.Condition == SinkCondition.Lost)
                {
                    await test.Sink.RenewAsync(TestContext.Current.CancellationToken);
                }

                for (ulong i = 1; i <= 200; i++)
                {
                    if (!test.Listener.Outcomes.ContainsKey(i) && test.Sink.Open < 200)
                    {
                        test.Try("small", i, i == 100 ? large : $"{i} {new string('y', 1000)}", "key");
                    }
                }

                await test.Sink.FlushAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
                return test.Listener.Outcomes.Count == 200;
            },
            "all settled");

        Assert.Equal(DeliveryOutcome.DeadLettered, test.Listener.Outcomes[100]);
        Assert.Equal(199, test.Listener.Outcomes.Values.Count(outcome => outcome == DeliveryOutcome.Delivered));
        Assert.Equal(large, Assert.Single(KafkaReader.Read(kafka.Bootstrap, "small-dead", 1)).Text());
    }

    [Theory]
    [InlineData(PartitioningRule.Topic)]
    [InlineData(PartitioningRule.PublisherClientId)]
    [InlineData(PartitioningRule.RoundRobin)]
    [InlineData(PartitioningRule.Fixed)]
    public async Task Send_WithARule_LandsInThePartitionOfThatRule(PartitioningRule rule)
    {
        var kafka = await shared.GetAsync();
        var topic = $"by-{rule}";
        await kafka.CreateTopicAsync(topic, 4);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { Partitioning = rule, FixedPartition = 2 });

        for (ulong i = 0; i < 100; i++)
        {
            var partitionKey = System.Text.Encoding.UTF8.GetBytes($"p{i % 5}");
            await test.SendAsync(topic, i, $"{i % 5}", "same key", with: record => record.SetPartitionKey(partitionKey));
        }

        await test.SettledAsync(100);
        var partitions = KafkaReader.Read(kafka.Bootstrap, topic, 100).GroupBy(record => record.Partition.Value).ToDictionary(group => group.Key, group => group.ToList());
        switch (rule)
        {
            case PartitioningRule.Fixed:
                Assert.Equal([2], partitions.Keys);
                break;
            case PartitioningRule.RoundRobin:
                Assert.All(Enumerable.Range(0, 4), partition => Assert.Equal(25, partitions[partition].Count));
                break;
            default:
                Assert.True(partitions.Count > 1);
                Assert.All(partitions, pair => Assert.All(pair.Value, record => Assert.Equal(
                    Portal.Engine.Sinks.Producing.Murmur2.Partition(System.Text.Encoding.UTF8.GetBytes($"p{record.Text()}"), 4), pair.Key)));
                break;
        }
    }

    [Fact]
    public async Task Send_FixedPartitionThatIsNotThere_IsRefusedInWords()
    {
        var kafka = await shared.GetAsync();
        await kafka.CreateTopicAsync("narrow", 2);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap) with { Partitioning = PartitioningRule.Fixed, FixedPartition = 7 });

        await test.ConditionAsync(SinkCondition.Refused, () => test.Try("narrow", 1, "x"));

        Assert.Contains("partition 7, but the topic 'narrow' has 2", test.Sink.State.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NotAllowedToWrite_IsLostThenRefusedUntilAllowed()
    {
        await using var kafka = await ApacheKafka.StartAsync(new Dictionary<string, string>
        {
            ["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            ["allow.everyone.if.no.acl.found"] = "true",
        });
        await kafka.CreateTopicAsync("denied", 1);
        using var admin = kafka.Admin();
        var topic = new ResourcePattern { Type = ResourceType.Topic, Name = "denied", ResourcePatternType = ResourcePatternType.Literal };
        AclBinding Acl(AclOperation operation, AclPermissionType permission) => new()
        {
            Pattern = topic,
            Entry = new AccessControlEntry { Principal = "User:ANONYMOUS", Host = "*", Operation = operation, PermissionType = permission },
        };
        await admin.CreateAclsAsync([Acl(AclOperation.Describe, AclPermissionType.Allow)]);
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));

        ulong token = 1;
        await test.ConditionAsync(SinkCondition.Lost, () => test.Try("denied", token++, "x"));
        Assert.Contains("does not allow the task's user to write to the topic 'denied'", test.Sink.State.Cause, StringComparison.Ordinal);

        var renewing = test.Sink.RenewAsync(TestContext.Current.CancellationToken);
        await test.ConditionAsync(SinkCondition.Refused);
        Assert.Contains("does not allow the task's user to write", test.Sink.State.Cause, StringComparison.Ordinal);
        await Task.WhenAny(renewing, Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        Assert.False(renewing.IsCompleted);
        await Eventually.TrueAsync(() => test.Sink.State is { Condition: SinkCondition.Refused, Attempt: > 1, NextAttemptAt: not null }, "it says when it asks again");

        await admin.CreateAclsAsync([Acl(AclOperation.Write, AclPermissionType.Allow)]);
        await renewing;
        await test.SendAsync("denied", 1_000_000, "allowed");
        await Eventually.TrueAsync(() => test.Listener.Outcomes.ContainsKey(1_000_000), "delivered");
    }

    [Fact]
    public async Task Send_KafkaKilledAndRestarted_NothingIsLostOrDoubled()
    {
        await using var kafka = await ApacheKafka.StartAsync();
        await kafka.CreateTopicAsync("killed");
        await using var test = new SinkUnderTest(SinkUnderTest.Spec(kafka.Bootstrap));
        await test.SendManyAsync("killed", 1, 5000);
        await kafka.KillAsync();
        await test.SendManyAsync("killed", 5001, 100);
        await kafka.RestartAsync();
        await test.SettledAsync(5100);

        Assert.Empty(test.Listener.Twice);
        var records = KafkaReader.Read(kafka.Bootstrap, "killed", 5100);
        Assert.Equal(5100, records.Select(record => record.Text()).Distinct().Count());
        Assert.Equal(5100, records.Count);
    }
}
