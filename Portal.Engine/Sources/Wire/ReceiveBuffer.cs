namespace Portal.Engine.Sources.Wire;

/// <summary>What <see cref="ReceiveBuffer.Peek"/> found at the front.</summary>
internal enum FrameResult
{
    /// <summary>A whole packet.</summary>
    Whole,

    /// <summary>Part of one; read more.</summary>
    Partial,

    /// <summary>Not MQTT.</summary>
    Malformed,
}

/// <summary>
/// What was read and not yet taken, in one pinned array, so that payloads are handed to native code where they lie. It begins small, since
/// most sessions are quiet, grows while the socket fills it, and to any size that a packet needs.
/// </summary>
internal sealed class ReceiveBuffer
{
    private const int Smallest = 16 * 1024;
    private const int Busy = 256 * 1024;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(Smallest, pinned: true);
    private int _start;
    private int _end;
    private int _needed;

    /// <summary>The room for the next read; never empty.</summary>
    public ArraySegment<byte> Room()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_bytes.Length > Busy && _needed <= Busy)
            {
                Resize(Busy);
            }
        }

        if (_needed > _bytes.Length - _start || _end == _bytes.Length)
        {
            if (_needed > _bytes.Length)
            {
                Resize(_needed);
            }
            else
            {
                Move(_bytes);
            }
        }

        return new ArraySegment<byte>(_bytes, _end, _bytes.Length - _end);
    }

    /// <summary>Says how much of <see cref="Room"/> was filled.</summary>
    public void Filled(int count)
    {
        _end += count;
        if (_end == _bytes.Length && _bytes.Length < Busy)
        {
            Resize(2 * _bytes.Length);
        }
    }

    /// <summary>Looks at the packet at the front without taking it.</summary>
    /// <param name="header">Its first byte.</param>
    /// <param name="body">What follows its remaining length.</param>
    /// <param name="length">Its length in all.</param>
    public FrameResult Peek(out byte header, out ArraySegment<byte> body, out int length)
    {
        header = 0;
        body = default;
        length = 0;
        _needed = 0;
        if (_end - _start < 2)
        {
            return FrameResult.Partial;
        }

        switch (VariableInteger.Read(_bytes.AsSpan(_start + 1, _end - _start - 1), out var remaining, out var size))
        {
            case VariableIntegerResult.Incomplete:
                return FrameResult.Partial;
            case VariableIntegerResult.Malformed:
                return FrameResult.Malformed;
        }

        length = 1 + size + remaining;
        if (_end - _start < length)
        {
            _needed = length;
            return FrameResult.Partial;
        }

        header = _bytes[_start];
        body = new ArraySegment<byte>(_bytes, _start + 1 + size, remaining);
        return FrameResult.Whole;
    }

    /// <summary>Takes the packet that <see cref="Peek"/> showed; its bytes stay valid until the next <see cref="Room"/>.</summary>
    public void Take(int length) => _start += length;

    private void Resize(int size)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(size, pinned: true);
        Move(bytes);
        _bytes = bytes;
    }

    private void Move(byte[] target)
    {
        Buffer.BlockCopy(_bytes, _start, target, 0, _end - _start);
        _end -= _start;
        _start = 0;
    }
}
