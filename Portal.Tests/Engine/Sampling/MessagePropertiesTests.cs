using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Sampling;
using Portal.Engine.Sources;

namespace Portal.Tests.Engine.Sampling;

public sealed class MessagePropertiesTests
{
    private static Gen<string> Text => ArbMap.Default.ArbFor<NonNull<string>>().Generator
        .Select(text => new string([.. text.Item.Where(c => c is not '\0' && !char.IsSurrogate(c))]));

    private static Arbitrary<MessageProperties> Any => Arb.From(
        from format in Gen.Elements<int?>(null, 0, 1)
        from expiry in Gen.Elements<uint?>(null, 0, 7, uint.MaxValue)
        from contentType in Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => (string?)text))
        from responseTopic in Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => (string?)text))
        from correlation in ArbMap.Default.ArbFor<byte[]?>().Generator
        from subscriptions in Gen.Choose(1, 268_435_455).ListOf()
        from user in Text.Zip(Text, KeyValuePair.Create).ListOf()
        select new MessageProperties
        {
            Format = format,
            ExpirySeconds = expiry,
            ContentType = contentType,
            ResponseTopic = responseTopic,
            CorrelationData = correlation,
            Subscriptions = [.. subscriptions],
            User = [.. user],
        });

    [Fact]
    public void Compose_AnyProperties_ReadsTheSame() => Check.QuickThrowOnFailure(Prop.ForAll(Any, properties =>
    {
        var message = SampledMessage.Compose("a", [], properties, 1, false, 0);
        var read = message.ReadProperties();

        Assert.True(PropertyReader.TryValidate(message.Read().Properties));
        Assert.Equal(properties.User, read.User);
        Assert.Equal(properties.Subscriptions, read.Subscriptions);
        Assert.Equal(properties.CorrelationData, read.CorrelationData);
        Assert.Equal(
            (properties.Format, properties.ExpirySeconds, properties.ContentType, properties.ResponseTopic),
            (read.Format, read.ExpirySeconds, read.ContentType, read.ResponseTopic));
    }));

    [Fact]
    public void Compose_TextLongerThanMqttAllows_IsRefused() => Assert.ThrowsAny<ArgumentException>(() =>
        SampledMessage.Compose("a", [], new MessageProperties { ContentType = new string('x', 65_536) }, 1, false, 0));

    [Fact]
    public void Compose_Message_IsReadAsGiven()
    {
        var message = SampledMessage.Compose("plant/ö", "21"u8.ToArray(), new MessageProperties(), 1, true, 5).Read();

        Assert.Equal("plant/ö", Encoding.UTF8.GetString(message.Topic));
        Assert.Equal("21"u8.ToArray(), message.Payload.ToArray());
        Assert.Equal((1, true, 5L), (message.Qos, message.Retained, message.ReceivedAt));
    }
}
