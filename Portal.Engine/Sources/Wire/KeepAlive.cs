namespace Portal.Engine.Sources.Wire;

/// <summary>
/// Keeps a connection alive whatever the back-pressure (MQTT-4.9.0-3): a PINGREQ leaves when nothing else left for half of the keep alive.
/// </summary>
/// <remarks>
/// Silence counts as loss only while we read. A broker that does not read what we send is lost in any case: it would hold us for ever. MQTTnet's own keep alive
/// cannot know that reading is held, and would close a healthy connection; its pings are answered by the adapter instead.
/// </remarks>
internal sealed class KeepAlive(TimeProvider time, SendBuffer sending, Action<string> onDead) : IDisposable
{
    private static readonly byte[] PingRequest = [0xC0, 0x00];

    // With a keep alive that the broker switched off.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private TimeSpan _period;
    private long _lastHeardAt = time.GetTimestamp();
    private long? _askedAt;
    private bool _held;
    private bool _asks;
    private bool _disposed;

    /// <summary>Starts with the period in force; zero means that the broker does not want to be asked.</summary>
    public void Begin(TimeSpan period)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _asks = period > TimeSpan.Zero;
            _period = _asks ? period : LongestWrite;
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => Tick(), null, _period / 4, _period / 4);
        }
    }

    /// <summary>Whether reading is stopped.</summary>
    public bool IsHeld => Volatile.Read(ref _held);

    /// <summary>Something was read.</summary>
    public void Heard(long now) => Volatile.Write(ref _lastHeardAt, now);

    /// <summary>Reading stops: silence means nothing until <see cref="Resume"/>.</summary>
    public void Hold() => Volatile.Write(ref _held, true);

    /// <summary>Reading goes on, and silence counts from now.</summary>
    public void Resume()
    {
        Heard(time.GetTimestamp());
        lock (_gate)
        {
            _askedAt = null;
        }

        Volatile.Write(ref _held, false);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Tick()
    {
        string? dead = null;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (_askedAt is { } askedAt && Volatile.Read(ref _lastHeardAt) >= askedAt)
            {
                _askedAt = null;
            }

            if (sending.WritingSince is { } since && time.GetElapsedTime(since) >= _period)
            {
                dead = $"The broker took nothing of what we sent for {_period.TotalSeconds:0.#} s, though it may still send; the session was closed.";
            }
            else if (!_asks)
            {
                return;
            }
            else if (!Volatile.Read(ref _held) && _askedAt is { } unanswered && time.GetElapsedTime(unanswered) >= _period / 2)
            {
                dead = $"The broker did not answer a PINGREQ within {(_period / 2).TotalSeconds:0.#} s; the connection is dead.";
            }
            else if (time.GetElapsedTime(sending.LastSentAt) >= _period / 2 || (_askedAt is null && IsQuiet()))
            {
                _askedAt ??= time.GetTimestamp();
                sending.Append(PingRequest);
            }
        }

        if (dead is not null)
        {
            onDead(dead);
        }
        else
        {
            sending.Send();
        }
    }

    // A connection whose acknowledgements leave but from which nothing comes back is asked as well.
    private bool IsQuiet() => !Volatile.Read(ref _held) && time.GetElapsedTime(Volatile.Read(ref _lastHeardAt)) >= _period;
}
