using System.Net.WebSockets;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>How the other side answered.</summary>
internal enum WireAnswer
{
    /// <summary>A packet of MQTT.</summary>
    Packet,

    /// <summary>It closed the connection.</summary>
    Closed,

    /// <summary>Nothing, in time.</summary>
    Silent,

    /// <summary>Something that is not MQTT.</summary>
    Foreign,
}

/// <summary>What came: the packet's first byte and its body, or the first bytes of something else.</summary>
internal readonly record struct WireResult(WireAnswer Answer, byte Header = 0, byte[]? Body = null)
{
    public int PacketType => Header >> 4;
}

/// <summary>
/// Packets of MQTT over a stream, one at a time. MQTTnet's client is not used: it would hide what a port says that is not MQTT, and turn
/// every refusal into one exception.
/// </summary>
internal sealed class ProbeWire(Stream stream, MqttProtocol protocol, TimeProvider time) : IAsyncDisposable
{
    private const int LargestBody = 64 * 1024;
    private const int ShownBytes = 64;

    // The only packets that may be a broker's first.
    private const byte Connack = 0x20;
    private const byte Disconnect = 0xE0;
    private const byte Auth = 0xF0;

    private readonly MqttPacketFormatterAdapter _formatter = new(
        protocol == MqttProtocol.V5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311, new MqttBufferWriter(1024, LargestBody));

    private bool _greeted;

    // Goes on when patience ends: a WebSocket whose reading was cancelled is broken, and what is to be asked next could not be sent.
    private Task<WireResult>? _reading;

    /// <exception cref="IOException">The connection is closed.</exception>
    public async Task SendAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        var bytes = _formatter.Encode(packet).Join().ToArray();
        _formatter.Cleanup();
        await SendAsync(bytes, cancellationToken);
    }

    /// <exception cref="IOException">The connection is closed.</exception>
    public async Task SendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is WebSocketException or NotSupportedException or ObjectDisposedException)
        {
            throw new IOException(cause.Message, cause);
        }
    }

    /// <summary>Turns what was read into MQTTnet's packet; null when it is malformed.</summary>
    public MqttPacket? Decode(WireResult result)
    {
        try
        {
            var body = result.Body ?? [];
            return _formatter.Decode(new ReceivedMqttPacket(result.Header, body, body.Length + 2));
        }
        catch (Exception cause) when (cause is MqttProtocolViolationException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Reads the next packet.</summary>
    public async Task<WireResult> ReadAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        _reading ??= ReadAsync();
        try
        {
            var result = await _reading.WaitAsync(patience, time, cancellationToken);
            _reading = null;
            return result;
        }
        catch (TimeoutException)
        {
            return new WireResult(WireAnswer.Silent);
        }
        catch (Exception cause) when (cause is IOException or WebSocketException or NotSupportedException or ObjectDisposedException)
        {
            _reading = null;
            return new WireResult(WireAnswer.Closed);
        }
    }

    /// <summary>Reads until a packet of this type comes, or something that ends the waiting: a DISCONNECT, the end, silence.</summary>
    public async Task<WireResult> ReadUntilAsync(Func<WireResult, bool> wanted, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var left = patience - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return new WireResult(WireAnswer.Silent);
            }

            var result = await ReadAsync(left, cancellationToken);
            if (result.Answer != WireAnswer.Packet || result.Header == Disconnect || wanted(result))
            {
                return result;
            }
        }
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // Ends with the stream, which the owner closes.
    private async Task<WireResult> ReadAsync()
    {
        var one = new byte[1];
        if (await stream.ReadAsync(one, CancellationToken.None) == 0)
        {
            return new WireResult(WireAnswer.Closed);
        }

        var header = one[0];
        if (!_greeted && header is not (Connack or Auth or Disconnect))
        {
            return await ReadForeignAsync(header);
        }

        _greeted = true;
        var length = 0;
        for (var shift = 0; shift == 0 || (one[0] & 0x80) != 0; shift += 7)
        {
            await stream.ReadExactlyAsync(one, CancellationToken.None);
            length |= (one[0] & 0x7F) << shift;
            if (shift > 21 || length > LargestBody)
            {
                return await ReadForeignAsync(header);
            }
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, CancellationToken.None);
        return new WireResult(WireAnswer.Packet, header, body);
    }

    private async Task<WireResult> ReadForeignAsync(byte first)
    {
        var bytes = new List<byte> { first };
        var more = new byte[ShownBytes];
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), time);
            while (bytes.Count < ShownBytes && await stream.ReadAsync(more, limit.Token) is var read and > 0)
            {
                bytes.AddRange(more.AsSpan(0, read));
            }
        }
        catch (OperationCanceledException)
        {
            // What came is enough to say what it is not.
        }
        catch (IOException)
        {
        }

        return new WireResult(WireAnswer.Foreign, first, [.. bytes]);
    }
}
