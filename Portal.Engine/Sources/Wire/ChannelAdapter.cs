using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace Portal.Engine.Sources.Wire;

/// <summary>
/// Our way between MQTTnet's client and its channel. MQTTnet keeps the whole control plane; PUBLISH, PUBACK and the QoS 2 handshake go
/// past it: read in big blocks, decoded where they lie, answered in batches.
/// </summary>
/// <remarks>
/// The stock adapter reads each packet with three calls, allocates it, queues it without bound and sends each PUBACK by itself, which
/// costs ten times the work. One receive loop runs from connect to end; MQTTnet's packets reach it through a small inbox.
/// </remarks>
internal sealed class ChannelAdapter : IMqttChannelAdapter
{
    private const int Publish = 3;
    private const int PubRel = 6;
    private const int Connack = 2;
    private const int Suback = 9;
    private const int Unsuback = 11;
    private const int PingResp = 13;
    private const int Disconnect = 14;
    private const int Auth = 15;

    // More than a kernel holds for one socket. What a broker sends beyond it is no rest any more, and it has not read our farewell.
    private const long MostDiscarded = 16 * 1024 * 1024;

    // Beyond this the broker does not take our answers: do not read on, or they would pile up.
    private const int MostWaiting = 256 * 1024;

    private readonly IMqttChannel _channel;
    private readonly IPublishHandler _handler;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keepAliveAsked;
    private readonly ReceiveBuffer _received = new();
    private readonly SendBuffer _sending;
    private readonly KeepAlive _keepAlive;
    private readonly Lock _encoding = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _saidFarewell = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _loopEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<MqttPacket> _inbox = Channel.CreateBounded<MqttPacket>(new BoundedChannelOptions(64) { SingleReader = true });
    private readonly bool _hasProperties;
    private SessionEnd? _end;
    private bool _connected;
    private bool _stopped;
    private bool _taking;
    private bool _over;
    private long _bytesReceived;

    public ChannelAdapter(
        IMqttChannel channel, MqttPacketFormatterAdapter formatter, IPublishHandler handler, TimeSpan keepAlive, TimeProvider time)
    {
        _channel = channel;
        _handler = handler;
        _time = time;
        _keepAliveAsked = keepAlive;
        PacketFormatterAdapter = formatter;
        _hasProperties = formatter.ProtocolVersion == MqttProtocolVersion.V500;
        _sending = new SendBuffer(channel, time, exception => End(new SessionEnd(SessionEndKind.Lost, ReasonWords.Of(exception))));
        _keepAlive = new KeepAlive(time, _sending, why => End(new SessionEnd(SessionEndKind.Silent, why)));
    }

    // Ended, or about to: nothing more is taken in.
    private bool IsOver => Volatile.Read(ref _over);

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    public long BytesSent => _sending.BytesSent;

    public X509Certificate2 ClientCertificate => _channel.ClientCertificate;

    public EndPoint RemoteEndPoint => _channel.RemoteEndPoint;

    public EndPoint LocalEndPoint => _channel.LocalEndPoint;

    public bool IsSecureConnection => _channel.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; }

    /// <summary>Whether the receive loop began; then the handler will be told of its end.</summary>
    public bool IsReceiving { get; private set; }

    /// <summary>Whether reading is held: what the broker answers meanwhile lies unread.</summary>
    public bool IsHeld => _keepAlive.IsHeld;

    /// <summary>Whether messages of a block are being taken in. Seen false after <see cref="StopReading"/>, no more are.</summary>
    public bool IsTaking => Volatile.Read(ref _taking);

    /// <summary>Where acknowledgements go.</summary>
    public SendBuffer Sending => _sending;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _channel.ConnectAsync(cancellationToken);
        IsReceiving = true;
        _ = ReceiveLoopAsync();
    }

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _inbox.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            // MQTTnet reads null as a closed connection.
            return null!;
        }
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttPingReqPacket)
        {
            _inbox.Writer.TryWrite(MqttPingRespPacket.Instance);
            return;
        }

        lock (_encoding)
        {
            var encoded = PacketFormatterAdapter.Encode(packet);
            _sending.Append(encoded.Join());
            PacketFormatterAdapter.Cleanup();
        }

        await _sending.FlushAsync().WaitAsync(cancellationToken);
    }

    /// <summary>From the next block on nothing is taken in; the keep alive and our answers go on.</summary>
    public void StopReading() => Interlocked.Exchange(ref _stopped, true);

    /// <summary>Takes in nothing more, sends a DISCONNECT behind everything that waits, and closes when the broker has.</summary>
    /// <remarks>
    /// A socket that is closed over unread bytes resets the connection, and a broker that sees the reset before our last acknowledgements sends
    /// those messages again. So what it still sends is read and thrown away, unacknowledged, until it closes from its side: it keeps those
    /// messages for the next session.
    /// </remarks>
    /// <param name="sessionExpiry">Changes the session expiry (MQTT 5); null leaves it. MQTTnet cannot send one of 0.</param>
    /// <param name="limit">How long all of it may take.</param>
    /// <returns>Whether the broker answered this DISCONNECT by closing (MQTT-3.14.4-3): a kernel takes it for a broker that hangs, too.</returns>
    public async Task<bool> CloseAsync(uint? sessionExpiry, TimeSpan limit)
    {
        var confirmed = false;
        var began = _time.GetTimestamp();
        StopReading();
        Volatile.Write(ref _over, true);
        var appended = _sending.AppendLast(DisconnectPacket(sessionExpiry));
        _handler.Nudge();
        try
        {
            await _sending.FlushAsync().WaitAsync(limit, _time);
            (_channel as SocketChannel)?.EndSending();
            _saidFarewell.TrySetResult();
            if (IsReceiving)
            {
                var left = limit - _time.GetElapsedTime(began);
                confirmed = await _loopEnded.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time) && appended;
            }
        }
        catch (Exception exception) when (exception is IOException or TimeoutException || ReasonWords.IsOfConnection(exception))
        {
            // A broker that is gone needs no farewell.
        }

        End(SessionEnd.OnRequest);
        return confirmed;
    }

    /// <summary>Ends the session; the first reason counts.</summary>
    public void End(SessionEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, end, null) is not null)
        {
            return;
        }

        Volatile.Write(ref _over, true);
        _keepAlive.Dispose();
        _channel.Dispose();
        _closed.TrySetResult();
        _handler.Nudge();
    }

    public void ResetStatistics()
    {
    }

    /// <summary>MQTTnet closes what it gave up; every other end is recorded before.</summary>
    public void Dispose() => End(new SessionEnd(SessionEndKind.Closed, "The connection was closed from our side."));

    private async Task ReceiveLoopAsync()
    {
        var byBroker = true;
        try
        {
            while (Volatile.Read(ref _end) is null)
            {
                var room = _received.Room();
                var read = ReadAsync(room);
                if (read.IsCompleted)
                {
                    // A flood must not keep its pool thread from the other clients, for whom the pool would start more and more of them.
                    await Task.Yield();
                }

                var count = await read.ConfigureAwait(false);
                if (count == 0)
                {
                    End(IsOver ? SessionEnd.OnRequest : new SessionEnd(SessionEndKind.Lost, "The broker closed the connection without a reason."));
                    break;
                }

                Volatile.Write(ref _bytesReceived, _bytesReceived + count);

                // Written before the other is read, as in StopReading and its caller: one of the two sees the other.
                Interlocked.Exchange(ref _taking, true);
                if (Volatile.Read(ref _stopped))
                {
                    Volatile.Write(ref _taking, false);
                    _keepAlive.Hold();
                    await Task.WhenAny(_saidFarewell.Task, _closed.Task).ConfigureAwait(false);
                    byBroker = await DiscardAsync(room).ConfigureAwait(false);
                    End(SessionEnd.OnRequest);
                    break;
                }

                _received.Filled(count);
                await TakeBlockAsync().ConfigureAwait(false);
                Volatile.Write(ref _taking, false);
            }
        }
        catch (Exception exception)
        {
            End(!ReasonWords.IsOfConnection(exception) ? new SessionEnd(SessionEndKind.Bug, exception.Message, Exception: exception)
                : IsOver ? SessionEnd.OnRequest
                : new SessionEnd(SessionEndKind.Lost, ReasonWords.Of(exception)));
        }

        Volatile.Write(ref _taking, false);
        _handler.OnEnded(_end!);
        _inbox.Writer.TryComplete();
        _loopEnded.TrySetResult(byBroker);
    }

    // Into the same room again and again: nobody looks at it. True when the broker closes, false when it sends on without end.
    private async Task<bool> DiscardAsync(ArraySegment<byte> room)
    {
        for (var left = MostDiscarded; left > 0 && Volatile.Read(ref _end) is null;)
        {
            var count = await ReadAsync(room).ConfigureAwait(false);
            if (count == 0)
            {
                return true;
            }

            Volatile.Write(ref _bytesReceived, _bytesReceived + count);
            left -= count;
        }

        return false;
    }

    private ValueTask<int> ReadAsync(ArraySegment<byte> room) => _channel is SocketChannel socket
        ? socket.ReceiveAsync(room)
        : new ValueTask<int>(_channel.ReadAsync(room.Array, room.Offset, room.Count, CancellationToken.None));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask TakeBlockAsync()
    {
        var timestamp = _time.GetTimestamp();
        var receivedAt = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _keepAlive.Heard(timestamp);
        while (!TakePackets(timestamp, receivedAt))
        {
            _handler.OnBlockEnd();
            _keepAlive.Hold();
            await _handler.HoldAsync().ConfigureAwait(false);
            _keepAlive.Resume();
        }

        _handler.OnBlockEnd();
        _sending.Send();
        if (_sending.Waiting > MostWaiting && Volatile.Read(ref _end) is null)
        {
            _keepAlive.Hold();
            // Bounded by the keep alive, which ends a session whose writes do not leave.
            await Task.WhenAny(_sending.FlushAsync(), _closed.Task).ConfigureAwait(false);
            _keepAlive.Resume();
        }
    }

    // Synchronous, so that a message costs no state machine. False: the handler holds.
    private bool TakePackets(long timestamp, long receivedAt)
    {
        while (!IsOver)
        {
            switch (_received.Peek(out var header, out var body, out var length))
            {
                case FrameResult.Partial:
                    return true;
                case FrameResult.Malformed:
                    Refuse("a packet whose remaining length is longer than four bytes (MQTT 5, section 1.5.5)");
                    return true;
            }

            if (header >> 4 == Publish)
            {
                if (!_connected)
                {
                    Refuse("a PUBLISH before CONNACK (MQTT-3.2.0-1)");
                    return true;
                }

                if (PublishDecoder.Decode(header, body, _hasProperties, receivedAt, out var message) is { } malformed)
                {
                    Refuse(malformed);
                    return true;
                }

                if (!_handler.OnPublish(in message, timestamp))
                {
                    return false;
                }
            }
            else
            {
                TakeControl(header, body, length);
            }

            _received.Take(length);
        }

        return true;
    }

    private void TakeControl(byte header, ArraySegment<byte> body, int length)
    {
        switch (header >> 4)
        {
            case PubRel:
                Complete(body);
                return;
            case PingResp:
                // Ours: MQTTnet's pings never leave.
                return;
            case Connack when !_connected:
                if (ConnackFacts.Read(body, _hasProperties) is not { } facts)
                {
                    Refuse("a malformed CONNACK");
                    return;
                }

                _handler.OnConnack(facts);
                if (facts.ReasonCode == 0)
                {
                    _connected = true;
                    _keepAlive.Begin(facts.ServerKeepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : _keepAliveAsked);
                }

                break;
            case Disconnect:
                var reason = body.Count > 0 ? body[0] : (byte)0;
                var own = _hasProperties && body.Count > 1 ? ConnackFacts.WordsOfDisconnect(body[1..]) : "";
                End(new SessionEnd(SessionEndKind.Dismissed, ReasonWords.Disconnect(reason) + own, reason));
                return;
            case Suback or Unsuback or Auth:
                break;
            default:
                Refuse($"a packet of type {header >> 4} that no broker may send now");
                return;
        }

        try
        {
            // A copy: MQTTnet may keep parts of the body, which lies in our buffer.
            var packet = PacketFormatterAdapter.Decode(new ReceivedMqttPacket(header, new ArraySegment<byte>(body.ToArray()), length));
            if (packet is null || !_inbox.Writer.TryWrite(packet))
            {
                Refuse($"more packets of type {header >> 4} than anybody asked for");
            }
        }
        catch (Exception exception)
        {
            Refuse($"a malformed packet of type {header >> 4} ({exception.Message})");
        }
    }

    private void Complete(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
        {
            Refuse("a PUBREL without a packet identifier");
            return;
        }

        var known = _handler.OnPubRel(BinaryPrimitives.ReadUInt16BigEndian(body));
        if (known || !_hasProperties)
        {
            _sending.Append([0x70, 2, body[0], body[1]]);
        }
        else
        {
            // Packet Identifier not found (MQTT 5, section 3.7.2.1): no error, the session was ours before this process began.
            _sending.Append([0x70, 3, body[0], body[1], 0x92]);
        }
    }

    private void Refuse(string what)
    {
        if (_hasProperties)
        {
            _sending.AppendLast([0xE0, 2, 0x81, 0]);
            _sending.Send();
        }

        End(new SessionEnd(SessionEndKind.Malformed, $"The broker broke the protocol: it sent {what}. The session was closed."));
    }

    private byte[] DisconnectPacket(uint? sessionExpiry)
    {
        if (!_hasProperties || sessionExpiry is null)
        {
            return [0xE0, 0];
        }

        byte[] packet = [0xE0, 7, 0, 5, 0x11, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(5), sessionExpiry.Value);
        return packet;
    }
}
