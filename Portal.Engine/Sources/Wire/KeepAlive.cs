namespace Portal.Engine.Sources.Wire;

/// <summary>
/// Keeps a connection alive whatever the back-pressure (MQTT-4.9.0-3): a PINGREQ leaves when nothing else left for half of the keep alive.
/// </summary>
/// <remarks>
/// Silence counts as loss only while we read. MQTTnet's own keep alive cannot know that reading is held, and would close a healthy
/// connection; its pings are answered by the adapter instead.
/// </remarks>
internal sealed class KeepAlive(TimeProvider time, SendBuffer sending, Action<TimeSpan> onSilence) : IDisposable
{
    private static readonly byte[] PingRequest = [0xC0, 0x00];

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private TimeSpan _period;
    private long _lastHeardAt = time.GetTimestamp();
    private long? _askedAt;
    private bool _held;
    private bool _disposed;

    /// <summary>Starts with the period in force; zero means that the broker does not want it.</summary>
    public void Begin(TimeSpan period)
    {
        lock (_gate)
        {
            if (_disposed || period <= TimeSpan.Zero)
            {
                return;
            }

            _period = period;
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => Tick(), null, period / 4, period / 4);
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
        var silent = false;
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

            if (!Volatile.Read(ref _held) && _askedAt is { } unanswered && time.GetElapsedTime(unanswered) >= _period / 2)
            {
                silent = true;
            }
            else if (time.GetElapsedTime(sending.LastSentAt) >= _period / 2 || (_askedAt is null && IsQuiet()))
            {
                _askedAt ??= time.GetTimestamp();
                sending.Append(PingRequest);
            }
        }

        if (silent)
        {
            onSilence(_period / 2);
        }
        else
        {
            sending.Send();
        }
    }

    // A connection whose acknowledgements leave but from which nothing comes back is asked as well.
    private bool IsQuiet() => !Volatile.Read(ref _held) && time.GetElapsedTime(Volatile.Read(ref _lastHeardAt)) >= _period;
}
