using System.Buffers;
using MQTTnet.Channel;
using Portal.Engine.Ledger;

namespace Portal.Engine.Sources.Wire;

/// <summary>
/// What is on its way to the broker. Anybody may append; whoever finds no write under way writes, and what is appended meanwhile leaves
/// with the next write. So acknowledgements of a batch leave as one, between MQTTnet's own packets and never within one.
/// </summary>
/// <remarks>Order of appending is order of sending. After a write has failed everything appended is dropped: the session is over.</remarks>
internal sealed class SendBuffer(IMqttChannel channel, TimeProvider time, Action<Exception> onBroken) : IAcknowledger
{
    private const byte PubAck = 0x40;
    private const byte PubRec = 0x50;

    private readonly Lock _gate = new();
    private byte[] _filling = new byte[512];
    private byte[] _leaving = new byte[512];
    private int _filled;
    private bool _complete;
    private bool _writing;
    private TaskCompletionSource? _flushed;
    private Exception? _broken;
    private long _sent;
    private long _lastSentAt = time.GetTimestamp();

    public long BytesSent => Volatile.Read(ref _sent);

    /// <summary>When the last write began, a timestamp of the clock.</summary>
    public long LastSentAt => Volatile.Read(ref _lastSentAt);

    /// <summary>When the write began that is under way, a timestamp of the clock; null while none is.</summary>
    public long? WritingSince => Volatile.Read(ref _writing) ? LastSentAt : null;

    /// <summary>What waits for a broker that does not read.</summary>
    public int Waiting => Volatile.Read(ref _filled);

    /// <summary>Copies the bytes behind what is there. Nothing leaves before <see cref="Send"/>.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_complete)
            {
                bytes.CopyTo(Reserve_NeedsLock(bytes.Length));
            }
        }
    }

    /// <summary>Appends a DISCONNECT; whatever comes behind it is dropped (MQTT-3.14.4-1). False: there is another one already.</summary>
    public bool AppendLast(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_complete)
            {
                return false;
            }

            bytes.CopyTo(Reserve_NeedsLock(bytes.Length));
            return _complete = true;
        }
    }

    /// <summary>Appends a PUBACK or PUBREC for each (MQTT 5 and 3.1.1 write success alike: two bytes of packet id).</summary>
    public void Acknowledge(ReadOnlySpan<Acknowledgement> batch)
    {
        lock (_gate)
        {
            if (_complete)
            {
                return;
            }

            var room = Reserve_NeedsLock(4 * batch.Length);
            foreach (var acknowledgement in batch)
            {
                room[3] = (byte)acknowledgement.PacketId;
                room[2] = (byte)(acknowledgement.PacketId >> 8);
                room[1] = 2;
                room[0] = acknowledgement.Qos == 1 ? PubAck : PubRec;
                room = room[4..];
            }
        }
    }

    /// <summary>Starts a write if none is under way and something waits. Returns at once; a socket with room is written to on this thread.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_writing || _filled == 0 || _broken is not null)
            {
                return;
            }

            _writing = true;
        }

        _ = WriteAsync();
    }

    /// <summary>Sends, and waits until everything appended so far has left.</summary>
    public async Task FlushAsync()
    {
        Task flushed;
        lock (_gate)
        {
            if (_broken is not null)
            {
                throw new IOException("The connection is closed.", _broken);
            }

            if (_filled == 0 && !_writing)
            {
                return;
            }

            flushed = (_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        Send();
        await flushed.ConfigureAwait(false);
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            TaskCompletionSource? flushed;
            int count;
            lock (_gate)
            {
                // Nobody waits for a flush when nothing was appended behind it: the waiters of this round left with the last.
                flushed = _flushed;
                _flushed = null;
                if (_filled == 0)
                {
                    _writing = false;
                    flushed?.TrySetResult();
                    return;
                }

                (_filling, _leaving) = (_leaving, _filling);
                count = _filled;
                _filled = 0;
            }

            try
            {
                Volatile.Write(ref _lastSentAt, time.GetTimestamp());
                await channel.WriteAsync(new ReadOnlySequence<byte>(_leaving, 0, count), isEndOfPacket: true, CancellationToken.None)
                    .ConfigureAwait(false);
                Volatile.Write(ref _sent, _sent + count);
                flushed?.TrySetResult();
            }
            catch (Exception exception)
            {
                Break(exception, flushed);
                onBroken(exception);
                return;
            }
        }
    }

    private void Break(Exception exception, TaskCompletionSource? flushed)
    {
        TaskCompletionSource? next;
        lock (_gate)
        {
            _broken = exception;
            _writing = false;
            _filled = 0;
            next = _flushed;
            _flushed = null;
        }

        flushed?.TrySetException(exception);
        next?.TrySetException(exception);
    }

    private Span<byte> Reserve_NeedsLock(int count)
    {
        if (_broken is not null)
        {
            _filled = 0;
        }

        if (_filling.Length - _filled < count)
        {
            Array.Resize(ref _filling, Math.Max(2 * _filling.Length, _filled + count));
        }

        var room = _filling.AsSpan(_filled, count);
        _filled += count;
        return room;
    }
}
