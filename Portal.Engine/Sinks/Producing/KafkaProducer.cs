using System.Runtime.CompilerServices;
using Confluent.Kafka;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks.Native;
using Portal.Engine.Sinks.Topics;

namespace Portal.Engine.Sinks.Producing;

/// <summary>Takes what a producer tells; all calls come on its one report thread and must not wait.</summary>
internal unsafe interface IProducerListener
{
    /// <summary>Reports of one batch, in order; the messages are valid only during the call.</summary>
    void OnReports(NativeMessage** messages, int count, int batch);

    /// <summary>Every round of the report thread, after the reports that were there: at most a second apart.</summary>
    void OnRound();

    /// <summary>An error of the client as a whole, in librdkafka's words.</summary>
    void OnError(ErrorCode code, string text, bool fatal);

    /// <summary>An exception of one of these calls. The thread ends with it: nothing more is told.</summary>
    void OnBroken(Exception exception);

    /// <summary>A line of librdkafka's log; <paramref name="level"/> as in syslog.</summary>
    void OnLog(int level, string text);
}

/// <summary>
/// One librdkafka producer with the thread that takes its delivery reports, as events in batches. Nothing here allocates for a message.
/// </summary>
/// <remarks>
/// <see cref="Produce"/> needs a <see cref="TopicHandle"/> that the caller has entered. <see cref="Close"/> waits for all of them, so
/// the native handle is never used after its end.
/// </remarks>
internal sealed unsafe class KafkaProducer
{
    private const int InlineHeaders = 64;
    private const int ReportsAtOnce = 1024;
    private readonly nint _handle;
    private readonly nint _queue;
    private readonly Thread _reports;
    private readonly HurryThread _hurry;
    private readonly Lock _closeGate = new();
    private IProducerListener _listener = null!;
    private volatile bool _closing;
    private long _reported;

    private KafkaProducer(nint handle, string taskId)
    {
        _handle = handle;
        _queue = Librdkafka.rd_kafka_queue_get_main(handle);
        _ = Librdkafka.rd_kafka_set_log_queue(handle, _queue);
        _hurry = new HurryThread(handle, taskId, () => Volatile.Read(ref _reported));
        _reports = new Thread(TakeReports) { IsBackground = true, Name = $"{taskId} reports" };
    }

    /// <summary>How long the report thread may sleep when nothing comes; short while something is open, so that silence is noticed.</summary>
    public int PatienceMilliseconds { get; set; } = 1000;

    /// <summary>Makes a producer. It connects in the background, and is silent until <see cref="Start"/>.</summary>
    /// <returns>Null, with <paramref name="error"/> in librdkafka's words, when a setting is wrong.</returns>
    public static KafkaProducer? TryOpen(Dictionary<string, string> settings, string taskId, out string? error)
    {
        var text = stackalloc byte[512];
        var conf = Librdkafka.rd_kafka_conf_new();
        foreach (var (name, value) in settings)
        {
            if (Librdkafka.rd_kafka_conf_set(conf, name, value, text, 512) != 0)
            {
                error = Librdkafka.Text((nint)text);
                Librdkafka.rd_kafka_conf_destroy(conf);
                return null;
            }
        }

        Librdkafka.rd_kafka_conf_set_events(conf, Librdkafka.DeliveryReports | Librdkafka.Errors | Librdkafka.Logs);
        var handle = Librdkafka.rd_kafka_new(Librdkafka.Producer, conf, text, 512);
        if (handle == 0)
        {
            error = Librdkafka.Text((nint)text);
            Librdkafka.rd_kafka_conf_destroy(conf);
            return null;
        }

        error = null;
        return new KafkaProducer(handle, taskId);
    }

    /// <summary>Begins to tell the listener. Called once.</summary>
    public void Start(IProducerListener listener)
    {
        _listener = listener;
        _reports.Start();
    }

    /// <summary>The handle of a topic, which need not exist. Ends with <see cref="TopicHandle.Free"/>.</summary>
    public TopicHandle Topic(string name) => new(name, Librdkafka.rd_kafka_topic_new(_handle, name, 0));

    /// <summary>Asks Kafka about one topic; blocks its thread up to the limit. Never creates the topic.</summary>
    public TopicAnswer Ask(TopicHandle topic, TimeSpan limit)
    {
        NativeMetadata* metadata = null;
        var error = Librdkafka.rd_kafka_metadata(_handle, 0, topic.Native, &metadata, (int)limit.TotalMilliseconds);
        if (error != ErrorCode.NoError)
        {
            return new TopicAnswer(error, 0, 0);
        }

        try
        {
            if (metadata->TopicCount == 0)
            {
                return new TopicAnswer(ErrorCode.UnknownTopicOrPart, 0, 0);
            }

            var found = metadata->Topics[0];
            var leaderless = 0;
            for (var i = 0; i < found.PartitionCount; i++)
            {
                leaderless += found.Partitions[i].Leader < 0 ? 1 : 0;
            }

            return new TopicAnswer(found.Error, found.PartitionCount, leaderless);
        }
        finally
        {
            Librdkafka.rd_kafka_metadata_destroy(metadata);
        }
    }

    /// <summary>Hands a record over; everything is copied. Never blocks.</summary>
    [SkipLocalsInit]
    public ErrorCode Produce(TopicHandle topic, int partition, KafkaRecord record, ReadOnlySpan<byte> value, ulong opaque)
    {
        var headers = record.Headers;
        var inline = headers.Length <= InlineHeaders;
        var arguments = stackalloc ProduceArgument[7 + (inline ? headers.Length : 1)];
        // librdkafka takes a null pointer for "none" and a length of zero for "empty", so an empty span needs an address.
        byte nothing;
        fixed (byte* bytes = record.Bytes, key = record.Key, payload = value)
        {
            var count = 0;
            arguments[count++].Topic(topic.Native);
            arguments[count++].Partition(partition);
            arguments[count++].CopyBytes();
            arguments[count++].Timestamp(record.Timestamp);
            arguments[count++].Opaque(opaque);
            if (record.HasKey)
            {
                arguments[count++].Key(key == null ? &nothing : key, record.Key.Length);
            }

            if (!record.IsTombstone)
            {
                arguments[count++].Value(payload == null ? &nothing : payload, value.Length);
            }

            nint list = 0;
            if (inline)
            {
                foreach (var header in headers)
                {
                    arguments[count++].Header(bytes + header.NameStart, bytes + header.ValueStart, header.ValueLength);
                }
            }
            else
            {
                list = HeaderList(bytes, headers);
                arguments[count++].Headers(list);
            }

            var error = Librdkafka.rd_kafka_produceva(_handle, arguments, (nuint)count);
            if (error == 0)
            {
                return ErrorCode.NoError;
            }

            var code = Librdkafka.rd_kafka_error_code(error);
            Librdkafka.rd_kafka_error_destroy(error);
            if (list != 0)
            {
                Librdkafka.rd_kafka_headers_destroy(list);
            }

            return code;
        }
    }

    /// <summary>Sends what is open at once, ignoring linger until it was reported on.</summary>
    public void Hurry() => _hurry.Ask();

    /// <summary>Makes the report thread call <see cref="IProducerListener.OnRound"/> now.</summary>
    public void Wake()
    {
        lock (_closeGate)
        {
            if (!_closing)
            {
                Librdkafka.rd_kafka_queue_yield(_queue);
            }
        }
    }

    /// <summary>The fatal error that librdkafka raised, or null.</summary>
    public string? FatalError()
    {
        var text = stackalloc byte[512];
        lock (_closeGate)
        {
            return _closing || Librdkafka.rd_kafka_fatal_error(_handle, text, 512) == ErrorCode.NoError ? null : Librdkafka.Text((nint)text);
        }
    }

    /// <summary>
    /// Ends it without waiting for Kafka: what was not confirmed is forgotten. All topic handles must be closed and no
    /// <see cref="Ask"/> under way. Blocks until librdkafka's threads have ended; never called on the report thread.
    /// </summary>
    public void Close(IEnumerable<TopicHandle> topics)
    {
        lock (_closeGate)
        {
            _closing = true;
            Librdkafka.rd_kafka_queue_yield(_queue);
        }

        _hurry.Stop();
        _reports.Join();
        foreach (var topic in topics)
        {
            topic.Free();
        }

        Librdkafka.rd_kafka_queue_destroy(_queue);
        Librdkafka.rd_kafka_destroy(_handle);
    }

    private static nint HeaderList(byte* bytes, ReadOnlySpan<KafkaRecord.Header> headers)
    {
        var list = Librdkafka.rd_kafka_headers_new((nuint)headers.Length);
        foreach (var header in headers)
        {
            _ = Librdkafka.rd_kafka_header_add(list, bytes + header.NameStart, header.NameLength, bytes + header.ValueStart, header.ValueLength);
        }

        return list;
    }

    private void TakeReports()
    {
        try
        {
            TakeReportsUntilClosed();
        }
        catch (Exception exception)
        {
            // Nobody stands above this thread: what is not caught here ends the process and every other pipeline with it.
            _listener.OnBroken(exception);
        }
    }

    private void TakeReportsUntilClosed()
    {
        var messages = stackalloc NativeMessage*[ReportsAtOnce];
        while (!_closing)
        {
            // A round takes what is there already, so that many small batches become one call upwards.
            var taken = 0;
            var @event = Librdkafka.rd_kafka_queue_poll(_queue, PatienceMilliseconds);
            while (@event != 0)
            {
                try
                {
                    taken += Take(@event, messages);
                }
                finally
                {
                    Librdkafka.rd_kafka_event_destroy(@event);
                }

                @event = taken < ReportsAtOnce && !_closing ? Librdkafka.rd_kafka_queue_poll(_queue, 0) : 0;
            }

            _listener.OnRound();
        }
    }

    private int Take(nint @event, NativeMessage** messages)
    {
        switch (Librdkafka.rd_kafka_event_type(@event))
        {
            case Librdkafka.DeliveryReports:
                var batch = (int)Librdkafka.rd_kafka_event_message_count(@event);
                int count;
                while (!_closing && (count = (int)Librdkafka.rd_kafka_event_message_array(@event, messages, ReportsAtOnce)) > 0)
                {
                    _listener.OnReports(messages, count, batch);
                    Volatile.Write(ref _reported, _reported + count);
                }

                return batch;
            case Librdkafka.Errors:
                _listener.OnError(
                    Librdkafka.rd_kafka_event_error(@event),
                    Librdkafka.Text(Librdkafka.rd_kafka_event_error_string(@event)),
                    Librdkafka.rd_kafka_event_error_is_fatal(@event) != 0);
                return 0;
            case Librdkafka.Logs:
                nint facility;
                nint text;
                int level;
                if (Librdkafka.rd_kafka_event_log(@event, &facility, &text, &level) == 0)
                {
                    _listener.OnLog(level, Librdkafka.Text(text));
                }

                return 0;
            default:
                return 0;
        }
    }
}
