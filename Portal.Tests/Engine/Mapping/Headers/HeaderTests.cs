using Portal.Engine.Mapping;
using Portal.Engine.Sources;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Mapping.Headers;

public class HeaderTests
{
    [Fact]
    public void Headers_EverythingSent_StandInTheStatedOrder()
    {
        var message = new FakeMessage { Duplicate = true, Retained = true, Qos = 2, PacketId = 65535 }
            .With("b", "1")
            .WithNumber(PublishProperty.SubscriptionIdentifier, 0xC1, 0x02)
            .With("$__publisherUsername", "alice")
            .WithNumber(PublishProperty.PayloadFormatIndicator, 1)
            .With("$__publisherClientHost", "10.0.0.1:5000")
            .WithNumber(PublishProperty.MessageExpiryInterval, 0, 0, 1, 0)
            .With("a", "2")
            .With("$__publisherClientId", "device-1")
            .WithText(PublishProperty.CorrelationData, [7, 8])
            .With("$__messageTimestamp", "1700000000000")
            .WithText(PublishProperty.ResponseTopic, "answer/here"u8.ToArray())
            .With("$__messageId", "m1")
            .WithNumber(PublishProperty.SubscriptionIdentifier, 5)
            .With("b", "3")
            .WithText(PublishProperty.ContentType, "application/json"u8.ToArray());

        Assert.Equal(
            [
                "mqtt.topic=plant/line1/temp", "mqtt.message.packet.id=65535", "mqtt.duplicate=true", "mqtt.qos=2", "mqtt.retained=true",
                "mqtt.content.type=application/json", "mqtt.response.topic=answer/here", "mqtt.correlation.data=\u0007\b",
                "mqtt.message.expiry.interval=256", "mqtt.payload.format.indicator=1",
                "mqtt.subscription.identifier=321", "mqtt.subscription.identifier=5",
                "$__messageId=m1", "$__messageTimestamp=1700000000000", "$__publisherClientId=device-1",
                "$__publisherClientHost=10.0.0.1:5000", "$__publisherUsername=alice",
                "b=1", "a=2", "b=3",
            ],
            MappedRecord.Of(message).Headers);
    }

    [Fact]
    public void Headers_NoPropertiesAtQos0_LeaveOutThePacketId()
    {
        var record = MappedRecord.Of(new FakeMessage { Qos = 0 });

        Assert.Equal(["mqtt.topic=plant/line1/temp", "mqtt.duplicate=false", "mqtt.qos=0", "mqtt.retained=false"], record.Headers);
    }

    [Fact]
    public void Headers_UserPropertyNamedLikeASystemHeader_StandsAsItCameAfterIt()
    {
        var record = MappedRecord.Of(new FakeMessage().With("mqtt.topic", "forged").With("mqtt.qos", "9"));

        Assert.Equal(
            ["mqtt.topic=plant/line1/temp", "mqtt.message.packet.id=42", "mqtt.duplicate=false", "mqtt.qos=1", "mqtt.retained=false", "mqtt.topic=forged", "mqtt.qos=9"],
            record.Headers);
    }

    [Fact]
    public void Headers_ExtensionFieldSentTwice_LastIsTheSystemHeaderAndTheFirstAUserProperty()
    {
        var message = new FakeMessage().With("$__messageId", "forged").With("x", "1").With("$__messageId", "real");

        Assert.Equal(
            ["$__messageId=real", "$__messageId=forged", "x=1"],
            MappedRecord.Of(message, Groups(HeaderGroups.Extensions | HeaderGroups.UserProperties)).Headers);
    }

    [Fact]
    public void Headers_ExtensionsSwitchedOff_AppearNowhere()
    {
        var message = new FakeMessage().With("$__messageId", "forged").With("x", "1").With("$__messageId", "real").With("$__other", "2");

        Assert.Equal(["x=1", "$__other=2"], MappedRecord.Of(message, Groups(HeaderGroups.UserProperties)).Headers);
    }

    [Fact]
    public void Headers_EmptyTexts_AreHeadersWithEmptyValues()
    {
        var message = new FakeMessage().With("", "").WithText(PublishProperty.ContentType, []).With("$__messageId", "");

        Assert.Equal(
            ["mqtt.content.type=", "$__messageId=", "="],
            MappedRecord.Of(message, Groups(HeaderGroups.All & ~HeaderGroups.Message)).Headers);
    }

    [Theory]
    [InlineData(HeaderGroups.None)]
    [InlineData(HeaderGroups.Message, "p.mqtt.topic=plant/line1/temp", "p.mqtt.message.packet.id=42", "p.mqtt.duplicate=false", "p.mqtt.qos=1", "p.mqtt.retained=false")]
    [InlineData(HeaderGroups.Properties, "p.mqtt.content.type=text/plain")]
    [InlineData(HeaderGroups.Extensions, "p.$__messageId=m1")]
    [InlineData(HeaderGroups.UserProperties, "p.x=1")]
    public void Headers_OneGroupWithPrefix_AreThatGroupOnlyUnderPrefixedNames(HeaderGroups group, params string[] expected)
    {
        var message = new FakeMessage().With("x", "1").With("$__messageId", "m1").WithText(PublishProperty.ContentType, "text/plain"u8.ToArray());

        Assert.Equal(expected, MappedRecord.Of(message, Groups(group) with { HeaderPrefix = "p." }).Headers);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    public void Headers_NameThatNoHeaderCanHave_FailsTheMessageAndKeepsTheOthers(byte[] name)
    {
        var record = MappedRecord.Of(new FakeMessage().With(name, [1]).With("x", "1"), Groups(HeaderGroups.UserProperties));

        Assert.Equal(MapOutcome.Failed, record.Outcome);
        Assert.Contains("zero byte", record.Failure);
        Assert.Equal(["x=1"], record.Headers);
        Assert.Equal("target", record.Topic);
        Assert.Null(record.Key);
    }

    [Fact]
    public void Headers_MoreAndLongerThanTheFirstBuffer_AreAllThere()
    {
        var message = new FakeMessage();
        for (var i = 0; i < 100; i++)
        {
            message.With($"name{i}", new string((char)('a' + (i % 26)), 200));
        }

        var record = MappedRecord.Of(message);

        Assert.Equal(105, record.Headers.Length);
        Assert.Equal("mqtt.topic=plant/line1/temp", record.Headers[0]);
        Assert.Equal($"name99={new string('v', 200)}", record.Headers[^1]);
        Assert.Equal("plant/line1/temp", record.Key);
    }

    private static MappingSpec Groups(HeaderGroups groups) => new() { Topics = TopicRule.One("target"), Headers = groups };

    [Theory]
    [InlineData(0u, "256")]
    [InlineData(56u, "200")]
    [InlineData(300u, "0")]
    public void Map_HeldBeforeItWasMapped_WritesTheExpiryThatRemains(uint held, string expected)
    {
        var message = new FakeMessage { SecondsHeld = held }.WithNumber(PublishProperty.MessageExpiryInterval, 0, 0, 1, 0);

        Assert.Contains($"mqtt.message.expiry.interval={expected}", MappedRecord.Of(message).Headers);
    }
}
