using Portal.Engine.Mapping;

namespace Portal.Engine.Sinks;

/// <summary>How one delivery ended.</summary>
public enum DeliveryOutcome : byte
{
    /// <summary>Confirmed by Kafka with <c>acks=all</c>.</summary>
    Delivered,

    /// <summary>Confirmed by Kafka in the dead-letter topic.</summary>
    DeadLettered,

    /// <summary>Excluded by the filter.</summary>
    Filtered,

    /// <summary>Older than its MQTT message expiry before it was handed to the producer.</summary>
    Expired,

    /// <summary>Given up by the operator's policy, or dropped at QoS 0.</summary>
    Discarded,

    /// <summary>Open when its session was lost.</summary>
    Abandoned,
}

/// <summary>Names one open delivery: which client, which session of it, which slot of its ledger. Opaque to the sink.</summary>
/// <param name="Value">Packed by the ledger's side; the highest bit is always 0, because the sink marks records of its own with it.</param>
public readonly record struct DeliveryToken(ulong Value);

/// <summary>The final word of the sink on one delivery.</summary>
/// <param name="Token">As given to <see cref="IRecordSink.Send"/>.</param>
/// <param name="Outcome">Delivered, DeadLettered or Discarded.</param>
/// <param name="Reason">Why it was discarded; none with the other outcomes.</param>
public readonly record struct SinkReceipt(DeliveryToken Token, DeliveryOutcome Outcome, RefusalReason Reason = RefusalReason.None);

/// <summary>What a sink said to a record.</summary>
public enum SendResult
{
    /// <summary>Taken; exactly one receipt follows, unless the sink is lost before.</summary>
    Taken,

    /// <summary>
    /// Not now: the producer's queue is full, the topic is being looked up, or Kafka does not answer. Wait a few milliseconds and send
    /// again. Not an error.
    /// </summary>
    QueueFull,

    /// <summary>The sink is <see cref="SinkCondition.Lost"/>, <see cref="SinkCondition.Stopped"/> or disposed: keep the message open and stop.</summary>
    NotReady,
}

/// <summary>How a sink stands.</summary>
public enum SinkCondition
{
    /// <summary>Kafka answers, or nothing is open.</summary>
    Ready,

    /// <summary>No answer for 5 s with something open. What is open stays open; it recovers by itself.</summary>
    Blocked,

    /// <summary>
    /// Kafka refuses the task: not authorised, topic gone, dead-letter topic not writable. What is open stays open; a person must act, and
    /// it is tried again all the same.
    /// </summary>
    Refused,

    /// <summary>
    /// The producer cannot go on (a fatal error, messages failed that must not fail). The pipeline abandons its ledgers, waits for
    /// <see cref="IRecordSink.RenewAsync"/> and reconnects its clients. While it waits, the condition is <see cref="Blocked"/> or <see cref="Refused"/>.
    /// </summary>
    Lost,

    /// <summary>The operator's policy says stop: a message was refused for good.</summary>
    Stopped,
}

/// <summary>How a sink stands, since when, and why.</summary>
/// <param name="Condition">How.</param>
/// <param name="Since">Since when.</param>
/// <param name="Cause">Why, in words that name cause and fix; null while ready.</param>
/// <param name="Attempt">The attempt of the sink's own that is under way or planned, from 1; 0 where it makes none, as while librdkafka goes on asking by itself.</param>
/// <param name="NextAttemptAt">When that attempt comes, or null while none is planned.</param>
public sealed record SinkState(SinkCondition Condition, DateTimeOffset Since, string? Cause, int Attempt = 0, DateTimeOffset? NextAttemptAt = null);

/// <summary>Takes the receipts of a sink.</summary>
public interface ISinkListener
{
    /// <summary>Called on the sink's own thread, in batches; must not wait. The span is valid only during the call.</summary>
    void OnReceipts(ReadOnlySpan<SinkReceipt> receipts);

    /// <summary>Called after <see cref="IRecordSink.State"/> changed, on any thread, outside of locks; must not wait.</summary>
    void OnStateChanged(SinkState state);

    /// <summary>Called when a message was refused for good, before its receipt: the first of an episode and then at most one a second.</summary>
    void OnRefusal(string reason, DeliveryOutcome outcome);
}

/// <summary>One producer of one pipeline. Upstream of it nothing knows Kafka.</summary>
public interface IRecordSink : IAsyncDisposable
{
    /// <summary>How it stands now.</summary>
    SinkState State { get; }

    /// <summary>Records taken and not yet answered.</summary>
    int Open { get; }

    /// <summary>
    /// Hands a record over; the bytes are copied before it returns. Never waits. Thread-safe. Records of one calling thread to one
    /// partition keep their order.
    /// </summary>
    SendResult Send(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token);

    /// <summary>Hands over a message that could not be mapped: the failure policy decides at once. Same guarantees as <see cref="Send"/>.</summary>
    SendResult Refuse(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, string reason);

    /// <summary>
    /// Says that the mapping changed. A topic that could not be written no longer holds up the sink, unless a record names it again.
    /// </summary>
    void ForgetTopics();

    /// <summary>
    /// Says that as much is open as the broker will allow, so that waiting for fuller batches is pointless: what is open now goes out
    /// as soon as Kafka takes it. Cheap; may be called often.
    /// </summary>
    void Hurry();

    /// <summary>Sends what is buffered and waits for the answers, at most <paramref name="limit"/>.</summary>
    /// <returns>Whether everything was answered.</returns>
    Task<bool> FlushAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Makes the attempt at once that <see cref="SinkState.NextAttemptAt"/> announces.</summary>
    /// <returns>False when none is planned.</returns>
    bool TryNow();

    /// <summary>
    /// After <see cref="SinkCondition.Lost"/>: waits until Kafka answers, makes a new producer. No receipt of the old one is passed on after it
    /// returned. One that failed may be called again at once: what follows too closely waits here.
    /// </summary>
    Task RenewAsync(CancellationToken cancellationToken);
}
