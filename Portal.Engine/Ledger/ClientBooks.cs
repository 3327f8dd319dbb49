using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;

namespace Portal.Engine.Ledger;

/// <summary>
/// The books of one client over all of its sessions. Two writers, each alone on its side: the receive loop (what came in) and the holder
/// of the ledger's release lock (how it ended). Readers never stop them.
/// </summary>
/// <remarks>
/// Each side is bracketed by a version that is odd while it writes; a reader that saw a version move reads again. So a photo is one
/// consistent moment and balances to the message, while a message costs a few plain stores and no lock. Every field is written with
/// release and read with acquire semantics, which keeps the brackets in order on any processor.
/// </remarks>
internal sealed class ClientBooks
{
    private readonly long[] _outcomes = new long[6];
    private readonly long[] _byQos = new long[3];
    private int _enterVersion;
    private int _releaseVersion;
    private long _received;
    private long _dropped;
    private long _twins;
    private long _bytes;
    private uint _head;
    private uint _tail;

    /// <summary>Head and tail of the ring in force; head is where acknowledging goes on.</summary>
    public uint Head => Volatile.Read(ref _head);

    public uint Tail => Volatile.Read(ref _tail);

    /// <summary>How many slots are occupied.</summary>
    public int Open => (int)(Tail - Head);

    /// <summary>Receive loop only: a message takes the tail.</summary>
    public void Enter(int qos, int payloadBytes)
    {
        Volatile.Write(ref _enterVersion, _enterVersion + 1);
        CountReceived(qos, payloadBytes);
        Volatile.Write(ref _tail, _tail + 1);
        Volatile.Write(ref _enterVersion, _enterVersion + 1);
    }

    /// <summary>Receive loop only: a QoS 0 message found no room and is gone.</summary>
    public void Drop(int payloadBytes)
    {
        Volatile.Write(ref _enterVersion, _enterVersion + 1);
        CountReceived(0, payloadBytes);
        Volatile.Write(ref _dropped, _dropped + 1);
        Volatile.Write(ref _enterVersion, _enterVersion + 1);
    }

    /// <summary>Receive loop only: an open packet id came again.</summary>
    public void Twin() => Volatile.Write(ref _twins, _twins + 1);

    /// <summary>Release lock only: opens the bracket around any number of <see cref="Close"/>.</summary>
    public void BeginRelease() => Volatile.Write(ref _releaseVersion, _releaseVersion + 1);

    /// <summary>Release lock only, inside the bracket: the delivery at the head ended so.</summary>
    public void Close(DeliveryOutcome outcome)
    {
        Volatile.Write(ref _outcomes[(int)outcome], _outcomes[(int)outcome] + 1);
        Volatile.Write(ref _head, _head + 1);
    }

    /// <summary>Release lock only: closes the bracket.</summary>
    public void EndRelease() => Volatile.Write(ref _releaseVersion, _releaseVersion + 1);

    /// <summary>Reads everything as it stood at one moment.</summary>
    public ClientBooksPhoto Read()
    {
        var spin = new SpinWait();
        while (true)
        {
            var enter = Volatile.Read(ref _enterVersion);
            var release = Volatile.Read(ref _releaseVersion);
            var books = new PipelineBooks(
                Volatile.Read(ref _received),
                Outcome(DeliveryOutcome.Delivered),
                Outcome(DeliveryOutcome.DeadLettered),
                Outcome(DeliveryOutcome.Filtered),
                Outcome(DeliveryOutcome.Expired),
                Outcome(DeliveryOutcome.Discarded) + Volatile.Read(ref _dropped),
                Outcome(DeliveryOutcome.Abandoned),
                Open,
                Volatile.Read(ref _twins));
            var photo = new ClientBooksPhoto(
                books, Volatile.Read(ref _dropped), Volatile.Read(ref _bytes), Volatile.Read(ref _byQos[0]), Volatile.Read(ref _byQos[1]), Volatile.Read(ref _byQos[2]));
            if (((enter | release) & 1) == 0 && enter == Volatile.Read(ref _enterVersion) && release == Volatile.Read(ref _releaseVersion))
            {
                return photo;
            }

            spin.SpinOnce();
        }
    }

    private long Outcome(DeliveryOutcome outcome) => Volatile.Read(ref _outcomes[(int)outcome]);

    private void CountReceived(int qos, int payloadBytes)
    {
        Volatile.Write(ref _received, _received + 1);
        Volatile.Write(ref _byQos[qos], _byQos[qos] + 1);
        Volatile.Write(ref _bytes, _bytes + payloadBytes);
    }
}

/// <summary>What <see cref="ClientBooks.Read"/> saw.</summary>
/// <param name="Books">The client's part of the pipeline's books.</param>
/// <param name="Dropped">The part of <see cref="PipelineBooks.Discarded"/> that was dropped at QoS 0 for want of room.</param>
/// <param name="PayloadBytes">Received.</param>
/// <param name="Qos0">Received at QoS 0.</param>
/// <param name="Qos1">Received at QoS 1.</param>
/// <param name="Qos2">Received at QoS 2.</param>
internal readonly record struct ClientBooksPhoto(PipelineBooks Books, long Dropped, long PayloadBytes, long Qos0, long Qos1, long Qos2)
{
    public ClientBooksPhoto Plus(in ClientBooksPhoto other) => new(
        Books.Plus(other.Books), Dropped + other.Dropped, PayloadBytes + other.PayloadBytes, Qos0 + other.Qos0, Qos1 + other.Qos1, Qos2 + other.Qos2);
}
