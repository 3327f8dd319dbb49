using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Mapping;
using Portal.Engine.Mapping.Topics;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Mapping.Topics;

public class TopicTemplateTests
{
    [Theory]
    [InlineData("{topic}", "a/b/c", "a.b.c")]
    [InlineData("iot.{topic[0]}-{topic[2]}", "a/b/c", "iot.a-c")]
    [InlineData("{topic}", "/a//b/", ".a..b.")]
    [InlineData("{topic}", "größe/a b/€/😀x", "gr__e.a_b._._x")]
    [InlineData("{topic[1]}x", "a//c", "x")]
    [InlineData("{property:site}.{clientid}", "a", "north.south.gw_7")]
    [InlineData("{payload:$.kind}_{payload:$.n}", "a", "speed.limit_5")]
    [InlineData("constant", "a", "constant")]
    public void Name_FromAMessage_HasOnlyLegalCharacters(string template, string topic, string expected)
    {
        var message = FakeMessage.On(topic, """{"kind":"speed/limit","n":5}""").With("site", "north/south").With("$__publisherClientId", "gw:7");

        var record = MappedRecord.Of(message, new MappingSpec { Topics = TopicRule.Template(template) });

        Assert.Equal((MapOutcome.Mapped, expected), (record.Outcome, record.Topic));
        Assert.Null(KafkaTopicName.Check(record.Topic));
    }

    [Theory]
    [InlineData("{topic[0]}", "/a", "is needed")]
    [InlineData("{topic[0]}", "./a", "'.'")]
    [InlineData("{topic}", "/", "'.'")]
    [InlineData("{topic}", "./", "'..'")]
    [InlineData("{topic[5]}", "a/b", "{topic[5]}")]
    [InlineData("{property:site}", "a/b", "'site'")]
    [InlineData("{payload:$.x}", "a/b", "$.x")]
    public void Name_Unusable_FailsTheMessage(string template, string topic, string named)
    {
        var record = MappedRecord.Of(FakeMessage.On(topic), new MappingSpec { Topics = TopicRule.Template(template) });

        Assert.Equal((MapOutcome.Failed, ""), (record.Outcome, record.Topic));
        Assert.Contains(named, record.Failure);
    }

    [Fact]
    public void Name_TooLong_FailsTheMessageAndSaysHowLong()
    {
        var mapping = new MappingSpec { Topics = TopicRule.Template("{topic}") };

        Assert.Equal(new string('x', 249), MappedRecord.Of(FakeMessage.On(new string('x', 249)), mapping).Topic);
        Assert.Contains("250", MappedRecord.Of(FakeMessage.On(new string('x', 250)), mapping).Failure);
    }

    [Fact]
    public void Name_SameAgain_IsTheSameString()
    {
        var mapper = new RecordMapper(new MappingSpec { Topics = TopicRule.Template("{topic}") }, null, PartitioningRule.Key);
        var first = new KafkaRecord();
        var second = new KafkaRecord();

        mapper.Map(FakeMessage.On("a/b").Read(), first, out _);
        mapper.Map(FakeMessage.On("a/b").Read(), second, out _);

        Assert.Same(first.Topic, second.Topic);
    }

    [Fact]
    public void Names_MoreThanTheyHold_AreStillRight()
    {
        var names = new TopicNames(capacity: 8);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal($"t{i % 37}", names.Get(Encoding.UTF8.GetBytes($"t{i % 37}")));
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("iot/{topic}", 3)]
    [InlineData("{topic} x", 7)]
    [InlineData("{topic}.{{", 8)]
    [InlineData("..", 0)]
    [InlineData("a{", 1)]
    public void Template_Wrong_SaysWhere(string text, int position)
    {
        Assert.False(TopicTemplate.TryParse(text, out _, out var error));
        Assert.Equal(position, error.Position);
    }

    [Fact]
    public void Name_AnyTopic_IsLegalOrFails()
    {
        var mapper = new RecordMapper(new MappingSpec { Topics = TopicRule.Template("{topic}") }, null, PartitioningRule.Key);
        var record = new KafkaRecord();

        Prop.ForAll<byte[]>(topic =>
        {
            var outcome = mapper.Map(new FakeMessage { Topic = topic }.Read(), record, out var failure);
            return outcome == MapOutcome.Mapped ? KafkaTopicName.Check(record.Topic) is null : failure is not null && record.Topic.Length == 0;
        }).QuickCheckThrowOnFailure();
    }
}
