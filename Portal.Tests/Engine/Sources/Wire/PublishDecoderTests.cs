using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Portal.Engine.Sources;
using Portal.Engine.Sources.Wire;

namespace Portal.Tests.Engine.Sources.Wire;

public class PublishDecoderTests
{
    [Fact]
    public void Decode_AnyBytes_NeverThrows() => Prop.ForAll<byte, byte[], bool>((header, body, modern) =>
    {
        if (PublishDecoder.Decode(header, body, modern, 0, out var message) is null)
        {
            // What was accepted can be read to its end.
            var properties = new PropertyReader(message.Properties);
            while (properties.Read())
            {
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decode_MqttFive_FindsEveryPart()
    {
        byte[] body = [0, 3, .. "a/b"u8, 0x12, 0x34, 2, 1, 1, .. "payload"u8];

        Assert.Null(PublishDecoder.Decode(0x3B, body, hasProperties: true, 77, out var message));

        Assert.Equal("a/b", Encoding.UTF8.GetString(message.Topic));
        Assert.Equal("payload", Encoding.UTF8.GetString(message.Payload));
        Assert.Equal([1, 1], message.Properties.ToArray());
        Assert.Equal((1, (ushort)0x1234, true, true, 77L), (message.Qos, message.PacketId, message.Duplicate, message.Retained, message.ReceivedAt));
    }

    [Fact]
    public void Decode_MqttThree_HasNoProperties()
    {
        byte[] body = [0, 1, .. "a"u8, .. "x"u8];

        Assert.Null(PublishDecoder.Decode(0x30, body, hasProperties: false, 0, out var message));

        Assert.Equal("x", Encoding.UTF8.GetString(message.Payload));
        Assert.Equal(0, message.PacketId);
    }

    [Fact]
    public void Decode_SteadyState_AllocatesNothing()
    {
        byte[] body = [0, 1, .. "a"u8, 0, 1, 0, .. "x"u8];
        PublishDecoder.Decode(0x32, body, true, 0, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            PublishDecoder.Decode(0x32, body, true, 0, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
