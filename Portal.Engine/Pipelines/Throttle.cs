using Portal.Engine.Specs;

namespace Portal.Engine.Pipelines;

/// <summary>
/// Keeps what all clients of a pipeline hand to Kafka below its limits. Who comes too early waits with the message in its hand and does not
/// read on, so that the broker keeps the rest: nothing is dropped. Thread-safe.
/// </summary>
/// <remarks>
/// Each limit is the time from which on the next message may go. A message is paid for after it went, so that one that is larger than a second's
/// worth passes too, and delays what follows. Unused time is kept for a tenth of a second, no longer: timers are not exact.
/// </remarks>
internal sealed class Throttle(LimitSpec limits, TimeProvider time)
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly long _credit = time.TimestampFrequency / 10;
    private readonly double _ticksPerMessage = limits.MessagesPerSecond is { } messages ? time.TimestampFrequency / messages : 0;
    private readonly double _ticksPerByte = limits.BytesPerSecond is { } bytes ? time.TimestampFrequency / bytes : 0;
    private double _messagesFrom;
    private double _bytesFrom;
    private long _waitedAt = long.MinValue;

    /// <summary>Whether somebody had to wait within the last seconds.</summary>
    public bool IsSlowing => Volatile.Read(ref _waitedAt) is var at and not long.MinValue && time.GetElapsedTime(at) < Shown;

    /// <summary>What is seen of it, in words.</summary>
    public string Words => $"Throttled by its limit of {limits}. Nothing is lost: the broker keeps what waits.";

    /// <summary>Null without a limit.</summary>
    public static Throttle? For(LimitSpec limits, TimeProvider time) => limits.IsNone ? null : new Throttle(limits, time);

    /// <summary>How long the next message has to wait; zero when it may go.</summary>
    public TimeSpan Wait()
    {
        var now = time.GetTimestamp();
        double ticks;
        lock (_gate)
        {
            ticks = Math.Max(_messagesFrom, _bytesFrom) - now;
        }

        if (ticks <= 0)
        {
            return TimeSpan.Zero;
        }

        Volatile.Write(ref _waitedAt, now);
        var wait = TimeSpan.FromSeconds(ticks / time.TimestampFrequency);
        return wait < ShortestWait ? ShortestWait : wait > LongestWait ? LongestWait : wait;
    }

    /// <summary>A message went.</summary>
    public void Charge(int bytes)
    {
        var earliest = time.GetTimestamp() - _credit;
        lock (_gate)
        {
            _messagesFrom = Math.Max(_messagesFrom, earliest) + _ticksPerMessage;
            _bytesFrom = Math.Max(_bytesFrom, earliest) + bytes * _ticksPerByte;
        }
    }
}
