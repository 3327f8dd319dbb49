using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Sinks.Native;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;
using Portal.Engine.Telemetry;

namespace Portal.Engine.Sinks.Producing;

/// <summary>
/// A producer from its making to its end, with everything that ends with it: its topics, what is open, what is tried again. Nothing of
/// one life reaches the next.
/// </summary>
internal sealed partial class ProducerLife : IProducerListener, IAsyncDisposable
{
    private const int WatchfulMilliseconds = 250;
    private const int IdleMilliseconds = 1000;
    private static readonly TimeSpan SlippedIn = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlippedInLimit = TimeSpan.FromSeconds(10);
    private readonly SinkSetting _setting;
    private readonly KafkaProducer _producer;
    private readonly ReceiptBatch _receipts;
    private readonly AnswerWatch _watch;
    private readonly RefusedRecords _refused;
    private readonly int _batchBytes;
    private Task<IReadOnlyList<TopicHandle>>? _doors;

    private ProducerLife(SinkSetting setting, KafkaProducer producer, int batchBytes)
    {
        _setting = setting;
        _producer = producer;
        _batchBytes = batchBytes;
        NextBatchBytes = batchBytes;
        _receipts = new ReceiptBatch(setting.Listener);
        _watch = new AnswerWatch(setting.Conditions, setting.Time);
        _refused = new RefusedRecords(setting, this);
        Topics = new TopicDirectory(producer, setting, _watch, Break);
        DeadLetters = setting.Delivery is { OnFailure: FailureAction.DeadLetter, DeadLetterTopic: { } topic }
            ? Topics.Pin(topic, setting.Sink.AutoCreate ?? new TopicCreation())
            : null;
        producer.Start(this);
    }

    public TopicDirectory Topics { get; }

    /// <summary>The dead-letter topic, or null when the task has none.</summary>
    public TopicEntry? DeadLetters { get; }

    /// <summary>Deliveries taken and not yet answered.</summary>
    public int Open => _receipts.Open;

    /// <summary>How large batches of the next producer should be at most.</summary>
    public int NextBatchBytes { get; private set; }

    /// <summary>What Kafka does not allow, when it was lost by that: a person must act before the next can work.</summary>
    public Denial? Denied { get; private set; }

    /// <summary>Whether it was lost by batches that only have to be smaller: nothing to wait for.</summary>
    public bool WantsSmallerBatches => NextBatchBytes < _batchBytes;

    /// <summary>How long nothing has been open.</summary>
    public TimeSpan IdleFor => Open > 0 ? TimeSpan.Zero : _setting.Time.GetElapsedTime(_watch.BusyAt);

    // Before the first record is taken there is a place for those that are refused.
    private bool IsOpen => _setting.Conditions.IsReady && DeadLetters is not { Handle: null };

    /// <summary>Makes a producer.</summary>
    /// <returns>Null, with the error in words, when its settings are wrong.</returns>
    public static ProducerLife? TryBegin(SinkSetting setting, int batchBytes, out string? error)
    {
        var producer = KafkaProducer.TryOpen(ProducerSettings.Of(setting.TaskId, setting.Sink, batchBytes), setting.TaskId, out error);
        return producer is null ? null : new ProducerLife(setting, producer, batchBytes);
    }

    /// <summary>See <see cref="IRecordSink.Send"/>.</summary>
    public SendResult Send(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token)
    {
        if (!IsOpen)
        {
            return SendResult.QueueFull;
        }

        var entry = Topics.Find(record.Topic, record.IsTopicFromMessage);
        if (entry.Refusal is { } missing)
        {
            return RefuseNew(record, value, token, new Refusal(missing.Cause, RefusalReason.TopicUnusable, 1, CanPass: true, HasTarget: false));
        }

        // The buffer is an upper bound of key and headers, and known without counting.
        if (record.Bytes.Length + value.Length > _setting.Sink.MaxMessageBytes && record.Weight(value.Length) > _setting.Sink.MaxMessageBytes)
        {
            var reason = SinkWords.TooLarge(record.Weight(value.Length), _setting.Sink.MaxMessageBytes);
            return RefuseNew(record, value, token, new Refusal(reason, RefusalReason.TooLarge, 0, CanPass: false, HasTarget: false));
        }

        _receipts.Enter();
        var code = Produce(entry, null, record, value, token.Value);
        if (code == ErrorCode.NoError)
        {
            return SendResult.Taken;
        }

        _receipts.Leave();
        return NotProduced(code, record, value, token);
    }

    /// <summary>See <see cref="IRecordSink.Refuse"/>.</summary>
    public SendResult Refuse(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, string reason) =>
        IsOpen
            ? RefuseNew(record, value, token, new Refusal(reason, RefusalReason.MappingFailed, 0, CanPass: false, HasTarget: record.Topic.Length > 0))
            : SendResult.QueueFull;

    /// <summary>Hands a record to librdkafka. <see cref="ErrorCode.Local_QueueFull"/> also while the topic is not open.</summary>
    public ErrorCode Produce(TopicEntry entry, int? partition, KafkaRecord record, ReadOnlySpan<byte> value, ulong opaque)
    {
        if (entry.Handle is not { } topic || !topic.TryEnter())
        {
            return ErrorCode.Local_QueueFull;
        }

        try
        {
            return _producer.Produce(topic, partition ?? PartitionOf(topic, record), record, value, opaque);
        }
        finally
        {
            topic.Leave();
        }
    }

    /// <summary>Settles a delivery that Kafka has no part in any more. From any thread.</summary>
    public void SettleFromOutside(SinkReceipt receipt)
    {
        _receipts.SettleFromOutside(receipt);
        _producer.Wake();
    }

    /// <summary>See <see cref="IRecordSink.Hurry"/>.</summary>
    public void Hurry() => _producer.Hurry();

    /// <summary>The next producer shall make smaller batches.</summary>
    public void ShrinkBatches() => NextBatchBytes = Math.Max(1, _batchBytes / 4);

    /// <summary>It cannot go on.</summary>
    public void Lose(ErrorCode code, string topic, string? cause = null)
    {
        if (code is ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.UnsupportedForMessageFormat)
        {
            Denied = new Denial(code, topic);
        }

        var fatal = code == ErrorCode.Local_Fatal ? _producer.FatalError() : null;
        _setting.Conditions.Lose(cause ?? (fatal is null ? SinkWords.Of(code, topic) : SinkWords.Fatal(fatal)));
    }

    /// <summary>
    /// Ends it without waiting for Kafka. When it returns, no receipt of it is passed on any more. Takes as long as a question to Kafka
    /// that is under way, 5 s at most, and as librdkafka's threads need to end.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        // First, since the end may take longer than anybody waits for it.
        _receipts.Close();
        _refused.Drop();
        var topics = await CloseDoorsAsync();
        await OwnThread.RunAsync(() => _producer.Close(topics));
        Topics.Dispose();
    }

    /// <summary>
    /// Closes its doors before its end, and waits for records that slipped in meanwhile. If Kafka does not answer them within 10 s, or
    /// something else goes wrong, the sink is lost and the broker sends them again.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await CloseDoorsAsync();
        var begun = _setting.Time.GetTimestamp();
        while (Open > 0 && _setting.Conditions.IsReady && _setting.Time.GetElapsedTime(begun) < SlippedInLimit && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(SlippedIn, _setting.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (Open > 0 && !cancellationToken.IsCancellationRequested)
        {
            _setting.Conditions.Lose(SinkWords.NoAnswer);
        }
    }

    /// <summary>An exception where none may leave: only this producer ends by it, neither the process nor, silently, the task.</summary>
    public void Break(Exception exception)
    {
        Log.Broken(_setting.Logger, _setting.TaskId, exception);
        _setting.Conditions.Lose(SinkWords.Fatal(exception.Message));
    }

    /// <summary>Done when the topics that it needs can be written.</summary>
    /// <exception cref="InvalidOperationException">They never can be, for a reason that is not Kafka's.</exception>
    public async Task ReadyAsync(string? topic, CancellationToken cancellationToken)
    {
        var target = topic is null ? null : Topics.Find(topic, byMessage: false);
        var ready = Task.WhenAll(target?.Ready ?? Task.CompletedTask, DeadLetters?.Ready ?? Task.CompletedTask);
        if (await Task.WhenAny(ready, Topics.Broken).WaitAsync(cancellationToken) == Topics.Broken)
        {
            var cause = await Topics.Broken;
            throw new InvalidOperationException(cause.Message, cause);
        }
    }

    unsafe void IProducerListener.OnReports(NativeMessage** messages, int count, int batch)
    {
        for (var i = 0; i < count; i++)
        {
            var message = messages[i];
            if (message->Error != ErrorCode.NoError)
            {
                _refused.OnFailed(message, batch);
            }
            else if (AsideRecords.Names(message->Opaque))
            {
                _receipts.Settle(_refused.Settled(message->Opaque));
            }
            else
            {
                _receipts.Settle(new SinkReceipt(new DeliveryToken(message->Opaque), DeliveryOutcome.Delivered));
            }
        }

        _watch.Answer();
    }

    void IProducerListener.OnRound()
    {
        _receipts.PassAll();
        var open = Open;
        if (_watch.Look(open, _refused.Held))
        {
            Topics.Examine();
        }

        _producer.PatienceMilliseconds = open > 0 ? WatchfulMilliseconds : IdleMilliseconds;
    }

    void IProducerListener.OnError(ErrorCode code, string text, bool fatal)
    {
        if (fatal)
        {
            Lose(code, "", code == ErrorCode.ClusterAuthorizationFailed ? null : SinkWords.Fatal(_producer.FatalError() ?? text));
            return;
        }

        _watch.Error(code, text);
        Log.ClientError(_setting.Logger, _setting.TaskId, code, text);
    }

    void IProducerListener.OnLog(int level, string text)
    {
        // Its warnings are about single connections, once for each attempt; what they add up to is the sink's state, which is told once.
        var severity = level <= 2 ? LogLevel.Error : LogLevel.Debug;
        Log.ClientLine(_setting.Logger, severity, _setting.TaskId, text);
    }

    void IProducerListener.OnBroken(Exception exception) => Break(exception);

    private Task<IReadOnlyList<TopicHandle>> CloseDoorsAsync() => _doors ??= Topics.CloseAsync();

    private SendResult RefuseNew(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, Refusal refusal)
    {
        _receipts.Enter();
        var result = _refused.Refuse(record, value, token, refusal);
        if (result != SendResult.Taken)
        {
            _receipts.Leave();
        }

        return result;
    }

    private SendResult NotProduced(ErrorCode code, KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token)
    {
        if (code == ErrorCode.Local_QueueFull)
        {
            return SendResult.QueueFull;
        }

        var blame = Blames.Of(code);
        if (blame == Blame.Record || (blame == Blame.Topic && record.IsTopicFromMessage))
        {
            var refusal = new Refusal(SinkWords.Of(code, record.Topic), Blames.Reason(code), 1, CanPass: true, HasTarget: blame == Blame.Record);
            return RefuseNew(record, value, token, refusal);
        }

        Lose(code, record.Topic);
        return SendResult.NotReady;
    }

    private int PartitionOf(TopicHandle topic, KafkaRecord record) => _setting.Sink.Partitioning switch
    {
        PartitioningRule.Fixed => _setting.Sink.FixedPartition,
        PartitioningRule.RoundRobin => topic.NextTurn(),
        PartitioningRule.Topic or PartitioningRule.PublisherClientId when !record.PartitionKey.IsEmpty =>
            Murmur2.Partition(record.PartitionKey, topic.Partitions),
        _ => Librdkafka.AnyPartition,
    };

    /// <summary>What is not allowed, and on which topic.</summary>
    internal sealed record Denial(ErrorCode Code, string Topic);

    private static partial class Log
    {
        [LoggerMessage(EngineEvents.ProducerBroken, LogLevel.Error, "{TaskId}: an unexpected error ended the Kafka producer; a new one is made")]
        public static partial void Broken(ILogger logger, string taskId, Exception exception);

        [LoggerMessage(EngineEvents.KafkaClientError, LogLevel.Debug, "{TaskId}: the Kafka client reports {Code}: {Text}")]
        public static partial void ClientError(ILogger logger, string taskId, ErrorCode code, string text);

        [LoggerMessage(EventId = EngineEvents.KafkaClientLine, Message = "{TaskId}: librdkafka: {Text}")]
        public static partial void ClientLine(ILogger logger, LogLevel level, string taskId, string text);
    }
}
