using Portal.Engine.Mapping;

namespace Portal.Engine.Sinks.Failures;

/// <summary>Records that wait for their next attempt. They are open all the while, so the windows bound them.</summary>
/// <param name="time">The clock.</param>
/// <param name="onBroken">Told of an exception of a callback, which would end the process where it is thrown: on a timer's thread.</param>
internal sealed class HeldRecords(TimeProvider time, Action<Exception> onBroken)
{
    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _timers = [];
    private bool _dropped;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>Copies a record and calls back with the copy after the pause, on a pool thread.</summary>
    public void Hold(KafkaRecord record, ReadOnlySpan<byte> value, TimeSpan pause, Action<KafkaRecord, byte[]> send)
    {
        var copy = new KafkaRecord();
        copy.CopyFrom(record);
        var bytes = value.ToArray();
        ITimer? timer = null;
        lock (_gate)
        {
            if (_dropped)
            {
                return;
            }

            timer = time.CreateTimer(_ => Release(timer!, send, copy, bytes), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timers.Add(timer);
        }

        timer.Change(pause, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Forgets all of them, and those to come.</summary>
    public void Drop()
    {
        lock (_gate)
        {
            _dropped = true;
            foreach (var timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void Release(ITimer timer, Action<KafkaRecord, byte[]> send, KafkaRecord record, byte[] value)
    {
        lock (_gate)
        {
            if (!_timers.Remove(timer))
            {
                return;
            }
        }

        timer.Dispose();
        try
        {
            send(record, value);
        }
        catch (Exception exception)
        {
            onBroken(exception);
        }
    }
}
