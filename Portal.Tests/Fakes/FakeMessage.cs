using System.Buffers.Binary;
using System.Text;
using Portal.Engine.Sources;

namespace Portal.Tests.Fakes;

/// <summary>A PUBLISH put together by hand; <see cref="Read()"/> gives it as the decoder would.</summary>
internal sealed class FakeMessage
{
    private readonly List<byte> _properties = [];

    public byte[] Topic { get; init; } = "plant/line1/temp"u8.ToArray();

    public byte[] Payload { get; init; } = """{"temp":21.5}"""u8.ToArray();

    public int Qos { get; init; } = 1;

    public ushort PacketId { get; init; } = 42;

    public bool Duplicate { get; init; }

    public bool Retained { get; init; }

    public long ReceivedAt { get; init; } = 1_760_000_000_000;

    public uint SecondsHeld { get; init; }

    public static FakeMessage On(string topic, string payload = "") =>
        new() { Topic = Encoding.UTF8.GetBytes(topic), Payload = Encoding.UTF8.GetBytes(payload) };

    public static FakeMessage Of(string payload) => new() { Payload = Encoding.UTF8.GetBytes(payload) };

    public FakeMessage With(string name, string value) => With(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    public FakeMessage With(byte[] name, byte[] value)
    {
        _properties.Add((byte)PublishProperty.UserProperty);
        Text(name);
        Text(value);
        return this;
    }

    public FakeMessage WithText(PublishProperty property, byte[] value)
    {
        _properties.Add((byte)property);
        Text(value);
        return this;
    }

    public FakeMessage WithNumber(PublishProperty property, params ReadOnlySpan<byte> number)
    {
        _properties.Add((byte)property);
        _properties.AddRange(number);
        return this;
    }

    public InboundMessage Read(byte[] properties) => new()
    {
        Topic = Topic,
        Payload = Payload,
        Properties = properties,
        Qos = Qos,
        PacketId = Qos == 0 ? (ushort)0 : PacketId,
        Duplicate = Duplicate,
        Retained = Retained,
        ReceivedAt = ReceivedAt,
        SecondsHeld = SecondsHeld,
    };

    public InboundMessage Read() => Read(Properties());

    public byte[] Properties() => [.. _properties];

    private void Text(byte[] text)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
        _properties.AddRange(length);
        _properties.AddRange(text);
    }
}
