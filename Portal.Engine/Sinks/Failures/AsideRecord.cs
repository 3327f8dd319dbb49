namespace Portal.Engine.Sinks.Failures;

/// <summary>Why a record travels beside the stream.</summary>
internal enum AsideKind
{
    /// <summary>It is tried again.</summary>
    Retry,

    /// <summary>It goes to the dead-letter topic.</summary>
    DeadLetter,

    /// <summary>It goes raw to the target topic.</summary>
    KeptRaw,
}

/// <summary>A record that was refused once and is on its way again.</summary>
/// <param name="Token">Whose delivery it settles.</param>
/// <param name="Kind">Why.</param>
/// <param name="Attempts">How often it was tried for its target.</param>
/// <param name="IsTopicFromMessage">As in the record.</param>
/// <param name="Partition">The partition that it must go to, or null when it is not placed yet.</param>
/// <param name="IsRedated">Whether it has the time of its refusal instead of its own, which Kafka did not take.</param>
internal sealed record AsideRecord(
    DeliveryToken Token, AsideKind Kind, int Attempts, bool IsTopicFromMessage, int? Partition = null, bool IsRedated = false)
{
    /// <summary>How the delivery ends when Kafka confirms it.</summary>
    public DeliveryOutcome Outcome => Kind == AsideKind.DeadLetter ? DeliveryOutcome.DeadLettered : DeliveryOutcome.Delivered;
}

/// <summary>
/// The records beside the stream. Ordinary ones carry their delivery token through librdkafka; these carry a number with the highest
/// bit set, which a token never has, and are found here by it.
/// </summary>
internal sealed class AsideRecords
{
    private const ulong Mark = 1UL << 63;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, AsideRecord> _records = [];
    private ulong _last;

    /// <summary>Whether it names a record beside the stream.</summary>
    public static bool Names(ulong opaque) => (opaque & Mark) != 0;

    public ulong Add(AsideRecord record)
    {
        lock (_gate)
        {
            _records[++_last | Mark] = record;
            return _last | Mark;
        }
    }

    public AsideRecord Take(ulong opaque)
    {
        lock (_gate)
        {
            return _records.Remove(opaque, out var record)
                ? record
                : throw new InvalidOperationException($"Kafka reported a record beside the stream that was not sent: {opaque:x}.");
        }
    }
}
