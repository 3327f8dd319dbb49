namespace Portal.Engine.Sources;

/// <summary>
/// Finds out how many deliveries of a session need to be open for Kafka to be busy, and so how many are enough. What is read beyond that
/// only waits in the producer: it makes nothing faster, every message later, and the records wander out of the processor's caches
/// (docs/performance.md: with 1 000 of 5 000 open four clients were faster by half, at two thirds of the CPU).
/// </summary>
/// <remarks>
/// By Little's law, rate x latency are open when nothing waits needlessly; twice that are allowed, so that a Kafka that can do more is found
/// out within a few rounds. Latency is the least mean of a round within the last ten to twenty seconds, and since it can be seen only while
/// nothing waits, every ten seconds the limit is low for some rounds, at the same moment for all sessions of the process. For the same
/// reason a session begins low, and allows twice as much with every round until Kafka is busy: one that begins with a full window sees only
/// the latency of its own queue, and takes that for Kafka's. While no answer comes there is no limit but the window.
/// <see cref="Answered"/> belongs to the thread that settles; <see cref="Allows"/> and <see cref="Lift"/> to the receive loop.
/// </remarks>
internal sealed class FlightLimit
{
    /// <summary>Always allowed: keeping less open saves nothing.</summary>
    public const int Floor = 500;

    private const int Gain = 2;
    private const int Sample = 64;
    private const int Rounds = 16;

    private readonly TimeProvider _time;
    private readonly int _window;
    private readonly long _shortestRound;
    private readonly long _spell;
    private readonly long _longestLow;
    private readonly double[] _rates = new double[Rounds];
    private int _limit;
    private int _round;
    private int _count;
    private long _began;
    private long _receivedAt;
    private long _ages;
    private long _spellNumber;
    private double _latency = double.MaxValue;
    private double _latencyBefore = double.MaxValue;
    private long _lowUntil;

    public FlightLimit(int window, TimeProvider time)
    {
        _time = time;
        _window = window;
        // Long enough that turns of the scheduler do not pass for speed: over 10 ms the best round was twice what Kafka could take.
        _shortestRound = time.TimestampFrequency / 25;
        _spell = 10 * time.TimestampFrequency;
        _longestLow = time.TimestampFrequency;
        _limit = Math.Min(Floor, window);
        _began = time.GetTimestamp();
        // None yet: the first round begins one.
        _spellNumber = -1;
    }

    /// <summary>How many may be open; the window's size or more means no limit.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>Whether one more may be opened.</summary>
    public bool Allows(int open) => Volatile.Read(ref _limit) is var limit && (open < limit || limit >= _window);

    /// <summary>No answer came while reading was held: what was found out does not hold any more.</summary>
    public void Lift() => Volatile.Write(ref _limit, int.MaxValue);

    /// <summary>Kafka confirmed a delivery.</summary>
    /// <param name="receivedAt">When it was read, a timestamp of the clock.</param>
    public void Answered(long receivedAt)
    {
        // The clock is read once for some: answers come in batches, and those of a batch at one moment.
        _receivedAt += receivedAt - _began;
        if (++_count % Sample != 0)
        {
            return;
        }

        var now = _time.GetTimestamp();
        var elapsed = now - _began;
        _ages += Sample * elapsed - _receivedAt;
        _receivedAt = 0;
        if (elapsed >= _shortestRound)
        {
            EndRound(now, elapsed, (double)_ages / _count);
        }
    }

    private void EndRound(long now, long elapsed, double age)
    {
        _rates[_round++ % Rounds] = (double)_count / elapsed;
        (_began, _count, _ages) = (now, 0, 0);
        if (now / _spell != _spellNumber)
        {
            _spellNumber = now / _spell;
            (_latencyBefore, _latency) = (_latency, double.MaxValue);
            // After an outage the age is the outage's; to be low for as long would cost more than is found out.
            _lowUntil = now + (long)Math.Clamp(3 * age, 2 * _shortestRound, _longestLow);
        }

        _latency = Math.Min(_latency, age);
        var needed = _rates.Max() * Math.Min(_latency, _latencyBefore);
        var allowed = now < _lowUntil ? needed / 2 : Gain * needed;
        Volatile.Write(ref _limit, (int)Math.Clamp(allowed, Math.Min(Floor, _window), _window));
    }
}
