using System.Numerics;
using Portal.Engine.Sinks;

namespace Portal.Engine.Ledger;

/// <summary>What <see cref="DeliveryLedger.Enter"/> did.</summary>
internal enum EnterResult
{
    /// <summary>A slot is taken.</summary>
    Entered,

    /// <summary>The packet id is open already: the broker sent it again on the same connection.</summary>
    Twin,

    /// <summary>The window is full.</summary>
    Full,
}

/// <summary>
/// The open deliveries of one network session, a ring in receive order. <see cref="Enter"/> takes the tail, <see cref="Settle"/> marks a
/// slot, <see cref="Release"/> walks the head while it is settled and hands out the acknowledgements (MQTT-4.6.0-2: in the order of the
/// PUBLISHes, while Kafka's reports come in any order).
/// </summary>
/// <remarks>
/// Acknowledged is always a prefix of received; nothing is acknowledged twice; open never exceeds the window; after
/// <see cref="Abandon"/> nothing is acknowledged. <see cref="Enter"/> and <see cref="Abandon"/> belong to the receive loop;
/// <see cref="Settle"/> and <see cref="Release"/> may be called from any thread. Nothing is allocated after the first message.
/// </remarks>
internal sealed class DeliveryLedger(int window, uint session, ClientBooks books, IAcknowledger acknowledger)
{
    private const int BatchSize = 512;

    private readonly Lock _release = new();
    private readonly uint _mask = BitOperations.RoundUpToPowerOf2((uint)window) - 1;

    // Made at the first message: a thousand idle clients cost nothing.
    private ushort[] _ids = [];
    private byte[] _qos = [];
    private long[] _receivedAt = [];
    private byte[] _settled = [];
    private ulong[] _openIds = [];

    // Receive loop only: up to where the ids of released slots were taken out of _openIds.
    private uint _forgotten;
    private bool _abandoned;

    public uint Session => session;

    public int Window => window;

    public int Open => books.Open;

    public bool IsFull => books.Open >= window;

    /// <summary>Receive loop only. Takes the tail for a message.</summary>
    /// <param name="packetId">0 at QoS 0.</param>
    /// <param name="qos">0, 1 or 2.</param>
    /// <param name="payloadBytes">For the books.</param>
    /// <param name="receivedAt">A timestamp of the clock.</param>
    /// <param name="sequence">The slot's name while it is open.</param>
    public EnterResult Enter(ushort packetId, int qos, int payloadBytes, long receivedAt, out uint sequence)
    {
        sequence = books.Tail;
        if (_ids.Length == 0)
        {
            Furnish(sequence);
        }

        // Looked at before the ids of released slots are forgotten: one that is released after that would be used again while its old id
        // still counts as open.
        var isFull = IsFull;
        ForgetReleased();
        if (qos > 0 && (_openIds[packetId >> 6] & 1UL << packetId) != 0)
        {
            books.Twin();
            return EnterResult.Twin;
        }

        if (isFull)
        {
            return EnterResult.Full;
        }

        if (qos > 0)
        {
            _openIds[packetId >> 6] |= 1UL << packetId;
        }

        var slot = sequence & _mask;
        _ids[slot] = packetId;
        _qos[slot] = (byte)qos;
        _receivedAt[slot] = receivedAt;
        _settled[slot] = 0;
        books.Enter(qos, payloadBytes);
        return EnterResult.Entered;
    }

    /// <summary>Receive loop only. Counts a QoS 0 message that found no room.</summary>
    public void Drop(int payloadBytes) => books.Drop(payloadBytes);

    /// <summary>Receive loop only. Counts a message that was sent again although it is answered.</summary>
    public void CountTwin() => books.Twin();

    /// <summary>Marks how a delivery ended; its acknowledgement leaves with the next <see cref="Release"/> that reaches it.</summary>
    /// <param name="sequence">From <see cref="Enter"/>.</param>
    /// <param name="outcome">Anything but <see cref="DeliveryOutcome.Abandoned"/>.</param>
    /// <param name="receivedAt">When it was entered.</param>
    /// <returns>False, and nothing is changed, when it is not open any more.</returns>
    public bool Settle(uint sequence, DeliveryOutcome outcome, out long receivedAt)
    {
        var head = books.Head;
        var slot = sequence & _mask;
        if (Volatile.Read(ref _abandoned) || sequence - head >= books.Tail - head || _settled[slot] != 0)
        {
            receivedAt = 0;
            return false;
        }

        receivedAt = _receivedAt[slot];
        Volatile.Write(ref _settled[slot], (byte)(outcome + 1));
        return true;
    }

    /// <summary>Hands out the acknowledgements of everything settled from the head on.</summary>
    /// <returns>How many deliveries were closed.</returns>
    public int Release()
    {
        Span<Acknowledgement> batch = stackalloc Acknowledgement[BatchSize];
        var closed = 0;
        lock (_release)
        {
            if (_abandoned || books.Open == 0)
            {
                return 0;
            }

            // Each batch has a bracket of its own, so that a reader of the books never waits for more than one.
            int taken;
            do
            {
                taken = ReleaseBatch_NeedsLock(batch);
                closed += taken;
            }
            while (taken == BatchSize);
        }

        return closed;
    }

    /// <summary>
    /// Receive loop only, when the session is lost. What Kafka has confirmed is booked as it ended, though its acknowledgement did not
    /// leave; the rest is abandoned. Doing it twice changes nothing.
    /// </summary>
    public void Abandon()
    {
        lock (_release)
        {
            if (_abandoned)
            {
                return;
            }

            Volatile.Write(ref _abandoned, true);
            books.BeginRelease();
            for (var head = books.Head; head != books.Tail; head++)
            {
                var settled = Volatile.Read(ref _settled[head & _mask]);
                books.Close(settled == 0 ? DeliveryOutcome.Abandoned : (DeliveryOutcome)(settled - 1));
            }

            books.EndRelease();
        }
    }

    /// <summary>When the delivery at the head was received, or null when nothing is open. For photos: may be off by one delivery.</summary>
    public long? OldestReceivedAt()
    {
        var receivedAt = _receivedAt;
        var head = books.Head;
        return books.Open == 0 || receivedAt.Length == 0 ? null : Volatile.Read(ref receivedAt[head & _mask]);
    }

    private int ReleaseBatch_NeedsLock(Span<Acknowledgement> batch)
    {
        var closed = 0;
        var due = 0;
        var tail = books.Tail;
        books.BeginRelease();
        for (var head = books.Head; head != tail && closed < BatchSize; head++, closed++)
        {
            var slot = head & _mask;
            var settled = Volatile.Read(ref _settled[slot]);
            if (settled == 0)
            {
                break;
            }

            if (_qos[slot] > 0)
            {
                batch[due++] = new Acknowledgement(_ids[slot], _qos[slot]);
            }

            books.Close((DeliveryOutcome)(settled - 1));
        }

        books.EndRelease();
        if (due > 0)
        {
            acknowledger.Acknowledge(batch[..due]);
        }

        return closed;
    }

    private void Furnish(uint first)
    {
        var size = (int)_mask + 1;
        _qos = new byte[size];
        _settled = new byte[size];
        _openIds = new ulong[65536 / 64];
        _receivedAt = new long[size];
        _forgotten = first;
        _ids = new ushort[size];
    }

    // The receive loop alone owns the set of open ids; releasing threads only move the head, and the loop follows it here.
    private void ForgetReleased()
    {
        for (var head = books.Head; _forgotten != head; _forgotten++)
        {
            var slot = _forgotten & _mask;
            if (_qos[slot] > 0)
            {
                _openIds[_ids[slot] >> 6] &= ~(1UL << _ids[slot]);
            }
        }
    }
}
