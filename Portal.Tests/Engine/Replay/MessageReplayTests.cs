using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Mapping;
using Portal.Engine.Replay;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Replay;

/// <summary>The replay against librdkafka's mock cluster.</summary>
public class MessageReplayTests
{
    private readonly MessageReplay _replay = new(
        new RecordMapperFactory(), new KafkaSinkFactory([], TimeProvider.System, NullLoggerFactory.Instance), TimeProvider.System);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_OneCannotBeMapped_TheOthersAreConfirmedInOrder()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t", 1);
        var spec = Spec(kafka) with { Mapping = new MappingSpec { Topics = TopicRule.One("t"), Key = KeySource.PayloadPath, KeyArgument = "$.id" } };

        var results = await _replay.SendAsync(spec, [Message("""{"id":"a"}"""), Message("no JSON"), Message("""{"id":"b"}""")], TimeSpan.FromSeconds(20), Stop);

        Assert.Equal([true, false, true], results.Select(result => result.IsConfirmed));
        Assert.True(results[1].IsRefused);
        Assert.Equal(_replay.Check(spec, [Message("no JSON")])[0], results[1].Why);
        Assert.Equal(["""{"id":"a"}""", """{"id":"b"}"""], KafkaReader.Read(kafka.Bootstrap, "t", 2).Select(record => record.Text()));
    }

    [Fact]
    public async Task Send_KafkaRefusesIt_SaysWhyAndWritesNoDeadLetter()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t", 1);
        kafka.CreateTopic("t.dlq", 1);
        var spec = Spec(kafka) with { Delivery = new DeliverySpec { DeadLetterTopic = "t.dlq" } };
        kafka.FailProduce(ErrorCode.InvalidRecord);

        var result = Assert.Single(await _replay.SendAsync(spec, [Message("x")], TimeSpan.FromSeconds(20), Stop));

        Assert.True(result.IsRefused);
        Assert.Contains("invalid", result.Why);
        Assert.Empty(KafkaReader.Read(kafka.Bootstrap, "t.dlq", 0));
    }

    [Fact]
    public async Task Send_TopicMissing_IsTheFailureOfTheMessage()
    {
        using var kafka = new MockKafka();
        var spec = Spec(kafka) with { Mapping = new MappingSpec { Topics = TopicRule.One("nowhere") } };

        var result = Assert.Single(await _replay.SendAsync(spec, [Message("x")], TimeSpan.FromSeconds(20), Stop));

        Assert.True(result.IsRefused);
        Assert.Contains("'nowhere' does not exist", result.Why);
    }

    [Fact]
    public async Task Send_KafkaSilent_IsNeitherConfirmedNorRefused()
    {
        using var kafka = new MockKafka();
        kafka.CreateTopic("t", 1);
        kafka.Down();

        var result = Assert.Single(await _replay.SendAsync(Spec(kafka), [Message("x")], TimeSpan.FromSeconds(1), Stop));

        Assert.Equal((false, false), (result.IsConfirmed, result.IsRefused));
        Assert.NotNull(result.Why);
    }

    [Fact]
    public void Check_TooLarge_FailsAgain()
    {
        using var kafka = new MockKafka();
        var spec = Spec(kafka) with { Sink = Spec(kafka).Sink with { MaxMessageBytes = 1_000 } };

        var answers = _replay.Check(spec, [Message("x"), Message(new string('x', 2_000))]);

        Assert.Null(answers[0]);
        Assert.Contains("the task allows 1\u202f000", answers[1]);
    }

    private static ReplayedMessage Message(string payload) =>
        new("plant/1"u8.ToArray(), System.Text.Encoding.UTF8.GetBytes(payload), 1, 1, false, false, 1_700_000_000_000, []);

    private static PipelineSpec Spec(MockKafka kafka) => new()
    {
        Id = "task-test0001",
        Clients = [0],
        Source = new SourceSpec { Broker = new MqttBrokerSpec { Endpoints = [] }, Group = new SharedSubscriptionGroup("g", ["#"]) },
        Filter = "qos = 2",
        Mapping = new MappingSpec { Topics = TopicRule.One("t") },
        Sink = new SinkSpec { Kafka = new KafkaSpec { BootstrapServers = kafka.Bootstrap } },
    };
}
