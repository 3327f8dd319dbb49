using Portal.Engine.Sinks.Native;

namespace Portal.Engine.Sinks.Producing;

/// <summary>
/// Makes librdkafka send without waiting for fuller batches: as long as a <c>rd_kafka_flush</c> is under way, linger does not count.
/// The thread is made at the first call, since most pipelines never need it.
/// </summary>
internal sealed class HurryThread(nint handle, string taskId)
{
    /// <summary>How long one call keeps the hurry on: longer than a broker's round trip, so that a run of calls is one long hurry.</summary>
    private const int SpellMilliseconds = 50;

    // A monitor, since the thread waits on it.
    private readonly object _gate = new();
    private Thread? _thread;
    private int _asked;
    private bool _stopping;

    /// <summary>Costs one read while a hurry has been asked for already. Does nothing after <see cref="Stop"/>.</summary>
    public void Ask()
    {
        if (Volatile.Read(ref _asked) != 0 || Interlocked.Exchange(ref _asked, 1) != 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = $"{taskId} hurry" };
                _thread.Start();
            }

            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns when the thread has ended.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread?.Join();
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_asked == 0 && !_stopping)
                {
                    Monitor.Wait(_gate);
                }

                if (_stopping)
                {
                    return;
                }

                // Cleared before the flush: who asks while it runs gets another spell after it.
                _asked = 0;
            }

            _ = Librdkafka.rd_kafka_flush(handle, SpellMilliseconds);
        }
    }
}
