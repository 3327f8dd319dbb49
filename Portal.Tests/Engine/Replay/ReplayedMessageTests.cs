using System.Text;
using Portal.Engine.Mapping;
using Portal.Engine.Reading;
using Portal.Engine.Replay;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Replay;

public class ReplayedMessageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("iot.")]
    public void TryMake_MappedAgain_GivesTheSameRecord(string prefix)
    {
        // The very packet of a message with everything.
        var original = new ReplayedMessage("plant/1"u8.ToArray(), "{}"u8.ToArray(), 1, 77, true, true, 1_700_000_000_000, [
            1, 1, 2, 0, 0, 0, 60, 3, 0, 1, (byte)'t', 8, 0, 1, (byte)'r', 9, 0, 2, 0, 255, 0x0B, 0x81, 0x01,
            0x26, 0, 1, (byte)'a', 0, 1, (byte)'1', 0x26, 0, 1, (byte)'a', 0, 1, (byte)'2', 0x26, 0, 8, .. "mqtt.qos"u8, 0, 1, (byte)'x']);
        var mapping = new MappingSpec { Topics = TopicRule.One("t"), HeaderPrefix = prefix };
        var first = Map(mapping, original);

        var again = ReplayedMessage.TryMake(DeadLetter.TryParse(AsDeadLetter(first, original))!, out var why);

        Assert.Null(why);
        var second = Map(mapping, again!);
        Assert.Equal(Headers(first), Headers(second));
        Assert.Equal(first.Key.ToArray(), second.Key.ToArray());
        Assert.Equal(first.Timestamp, second.Timestamp);
    }

    [Fact]
    public void TryMake_CutOrWithoutATopic_SaysWhyNot()
    {
        var whole = AsDeadLetter(new KafkaRecord(), null);
        Assert.Null(ReplayedMessage.TryMake(DeadLetter.TryParse(whole)!, out var why));
        Assert.Contains("which MQTT topic", why);

        var cut = whole with { Headers = [.. whole.Headers, new KafkaHeader(DeadLetterHeaders.Size, "100000"u8.ToArray())] };
        Assert.Null(ReplayedMessage.TryMake(DeadLetter.TryParse(cut)!, out why));
        Assert.Contains("stored cut", why);
    }

    [Fact]
    public void TryParse_RecordOfSomebodyElse_IsNoDeadLetter() =>
        Assert.Null(DeadLetter.TryParse(new TopicRecord(0, 0, 0, null, [new KafkaHeader("a", null)], null, 0)));

    [Fact]
    public void Edited_HasTheNewTopicAndPayloadAndTheOldProperties()
    {
        var letter = DeadLetter.TryParse(new TopicRecord(0, 0, 1, null, [
            new KafkaHeader("mqtt.topic", "old"u8.ToArray()), new KafkaHeader("a", "1"u8.ToArray()),
            new KafkaHeader(DeadLetterHeaders.Reason, "why"u8.ToArray()), new KafkaHeader(DeadLetterHeaders.Task, "task-a"u8.ToArray())], [1], 1))!;

        var record = Map(new MappingSpec { Topics = TopicRule.One("t") }, ReplayedMessage.Edited(letter, "new", [2]));

        Assert.Equal(["mqtt.topic=new", "mqtt.duplicate=false", "mqtt.qos=0", "mqtt.retained=false", "a=1"], Headers(record));
    }

    private static KafkaRecord Map(MappingSpec mapping, ReplayedMessage message)
    {
        var record = new KafkaRecord();
        Assert.Equal(MapOutcome.Mapped, new RecordMapper(mapping, null, PartitioningRule.Key).Map(message.Message, record, out _));
        return record;
    }

    private static TopicRecord AsDeadLetter(KafkaRecord record, ReplayedMessage? message)
    {
        DeadLetterHeaders.Add(
            record, new Refusal("Refused.", RefusalReason.InvalidRecord, 1, CanPass: true, HasTarget: true), new DeadLetterOrigin("task-a", "line7", 3), DateTimeOffset.UnixEpoch);
        List<KafkaHeader> headers = [];
        foreach (var header in record.Headers)
        {
            headers.Add(new KafkaHeader(Encoding.UTF8.GetString(record.Name(header)), record.Value(header).ToArray()));
        }

        var letter = new TopicRecord(0, 5, record.Timestamp, record.HasKey ? record.Key.ToArray() : null, headers, message?.Payload, message?.Payload.Length ?? 0);
        // What the mapping had written, without the envelope.
        var own = headers.Count(header => !header.Name.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal));
        Assert.Equal(own, DeadLetter.TryParse(letter)!.OwnHeaders.Count());
        return letter;
    }

    private static List<string> Headers(KafkaRecord record)
    {
        List<string> headers = [];
        foreach (var header in record.Headers)
        {
            var name = Encoding.UTF8.GetString(record.Name(header));
            if (!name.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal))
            {
                headers.Add($"{name}={Encoding.Latin1.GetString(record.Value(header))}");
            }
        }

        return headers;
    }
}
