using Confluent.Kafka;
using Portal.Engine.Sinks.Native;

namespace Portal.Engine.Sinks.Producing;

/// <summary>
/// Makes librdkafka send without waiting for fuller batches: as long as a <c>rd_kafka_flush</c> is under way, linger does not count.
/// The thread is made at the first call, since most pipelines never need it.
/// </summary>
/// <param name="handle">librdkafka's producer.</param>
/// <param name="taskId">Names the thread.</param>
/// <param name="reported">How many records have been reported on. Never falls.</param>
internal sealed class HurryThread(nint handle, string taskId, Func<long> reported)
{
    /// <summary>How often a hurry looks whether it is over; less and less often while Kafka does not answer.</summary>
    private const int SpellMilliseconds = 50;

    private const int LongestSpellMilliseconds = 1000;

    // A monitor, since the thread waits on it.
    private readonly object _gate = new();
    private Thread? _thread;
    private int _asked;
    private volatile bool _stopping;

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

                // Cleared before the flush: who asks while it runs gets another one after it.
                _asked = 0;
            }

            SendWhatIsOpen();
        }
    }

    /// <summary>
    /// Until what is open now was reported on, however late Kafka comes: who asked stands at its limit and will not ask again.
    /// Not until nothing is open, which under load would be never, and would end all batching.
    /// </summary>
    private void SendWhatIsOpen()
    {
        // In this order: what is reported on in between counts twice rather than not at all.
        var open = Librdkafka.rd_kafka_outq_len(handle);
        var goal = reported() + open;
        var (spell, before) = (SpellMilliseconds, reported());
        while (Librdkafka.rd_kafka_flush(handle, spell) == ErrorCode.Local_TimedOut && reported() is var now && now < goal && !_stopping)
        {
            spell = now == before ? Math.Min(2 * spell, LongestSpellMilliseconds) : SpellMilliseconds;
            before = now;
        }
    }
}
