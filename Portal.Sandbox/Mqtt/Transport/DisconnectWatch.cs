namespace Portal.Sandbox.Mqtt.Transport;

/// <summary>
/// Follows the packets of one MQTT 5 client just closely enough to see a DISCONNECT that sets the session expiry to 0. MQTTnet decodes that
/// 0 and an absent property alike, and would keep the session that the client ended.
/// </summary>
internal sealed class DisconnectWatch
{
    private const byte Disconnect = 0xE0;
    private const int LongestKept = 1024;

    private readonly List<byte> _body = [];
    private bool _inDisconnect;
    private bool _hasType;
    private int _length;
    private int _shift;
    private int _bodyLeft;

    /// <summary>Whether such a DISCONNECT was seen.</summary>
    public bool EndsSession { get; private set; }

    /// <summary>Takes what was read next, cut anywhere.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_bodyLeft > 0)
            {
                var part = bytes[..Math.Min(_bodyLeft, bytes.Length)];
                bytes = bytes[part.Length..];
                ReadBody(part);
            }
            else
            {
                ReadHeader(bytes[0]);
                bytes = bytes[1..];
            }
        }
    }

    private void ReadHeader(byte next)
    {
        if (!_hasType)
        {
            (_hasType, _inDisconnect, _length, _shift) = (true, next == Disconnect, 0, 0);
            return;
        }

        _length |= (next & 0x7F) << _shift;
        _shift += 7;
        if ((next & 0x80) == 0 || _shift > 21)
        {
            (_hasType, _bodyLeft) = (false, _length);
        }
    }

    private void ReadBody(ReadOnlySpan<byte> part)
    {
        _bodyLeft -= part.Length;
        if (!_inDisconnect || _body.Count + part.Length > LongestKept)
        {
            return;
        }

        _body.AddRange(part);
        if (_bodyLeft == 0)
        {
            EndsSession = AsksToEnd([.. _body]);
            _body.Clear();
        }
    }

    private static bool AsksToEnd(ReadOnlySpan<byte> body)
    {
        const int SessionExpiryInterval = 0x11;
        // Reason code, length of the properties, properties. Clients send the expiry first or alone; a longer list is not searched.
        return body.Length >= 7 && body[2] == SessionExpiryInterval && body[3..7].IndexOfAnyExcept((byte)0) < 0;
    }
}
