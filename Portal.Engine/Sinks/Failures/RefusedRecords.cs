using Confluent.Kafka;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks.Native;
using Portal.Engine.Sinks.Producing;
using Portal.Engine.Sinks.Topics;

namespace Portal.Engine.Sinks.Failures;

/// <summary>
/// Carries out the operator's choice for records that are refused for good, and tells apart what is a record's fault from what is not.
/// Lives as long as one producer; what it holds is dropped with it, since the broker then sends it again.
/// </summary>
internal sealed unsafe class RefusedRecords(SinkSetting setting, ProducerLife life)
{
    private const long NearMilliseconds = 60_000;
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);
    private readonly AsideRecords _aside = new();
    private readonly HeldRecords _held = new(setting.Time, life.Break);
    private readonly Lock _tellGate = new();
    private readonly KafkaRecord _scratch = new();
    private long _toldAt;
    private bool _told;

    /// <summary>How many open records wait for their next attempt, out of Kafka's hands.</summary>
    public int Held => _held.Count;

    /// <summary>What a report of a record beside the stream settles.</summary>
    public SinkReceipt Settled(ulong opaque)
    {
        var record = _aside.Take(opaque);
        return new SinkReceipt(record.Token, record.Outcome);
    }

    /// <summary>A record was refused before it reached Kafka, on the sender's thread. Its delivery is open already.</summary>
    /// <returns>Whether it was taken care of; otherwise it is still the sender's.</returns>
    public SendResult Refuse(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, Refusal refusal)
    {
        switch (FailurePolicy.Next(setting.Delivery, refusal))
        {
            case RefusalStep.Retry:
                Retry(record, value, new AsideRecord(token, AsideKind.Retry, refusal.Attempts, record.IsTopicFromMessage, refusal.Partition));
                return SendResult.Taken;
            case RefusalStep.DeadLetter:
                return SendAside(record, value, token, refusal, AsideKind.DeadLetter);
            case RefusalStep.KeepRaw:
                return SendAside(record, value, token, refusal, AsideKind.KeptRaw);
            case RefusalStep.Discard:
                Tell(refusal.Reason, DeliveryOutcome.Discarded);
                life.SettleFromOutside(new SinkReceipt(token, DeliveryOutcome.Discarded, refusal.Code));
                return SendResult.Taken;
            default:
                setting.Conditions.Stop(SinkWords.StoppedByPolicy(refusal.Reason));
                return SendResult.NotReady;
        }
    }

    /// <summary>A record came back from librdkafka unwritten. On the report thread.</summary>
    /// <param name="message">The record, with its bytes.</param>
    /// <param name="batch">How many records its batch had.</param>
    public void OnFailed(NativeMessage* message, int batch)
    {
        var code = message->Error;
        var topic = Librdkafka.Text(Librdkafka.rd_kafka_topic_name(message->Topic));
        var aside = AsideRecords.Names(message->Opaque) ? _aside.Take(message->Opaque) : null;
        var blame = Blames.Of(code);
        if (blame == Blame.Closing)
        {
            return;
        }

        if (Redate(message, aside))
        {
            return;
        }

        var named = aside?.IsTopicFromMessage ?? life.Topics.IsNamedByMessages(topic);
        if (code == ErrorCode.MsgSizeTooLarge && batch > 1)
        {
            // One of them may be too large, or all are small and only their sum is: smaller batches will tell.
            life.ShrinkBatches();
            setting.Conditions.Lose(SinkWords.BatchTooLarge(topic));
        }
        else if (aside?.Kind == AsideKind.DeadLetter && blame != Blame.Neighbour)
        {
            OnDeadLetterFailed(message, topic, aside);
        }
        else if (blame == Blame.Producer || (blame == Blame.Topic && !named))
        {
            life.Lose(code, topic);
        }
        else
        {
            Again(message, aside, topic, named, blame);
        }
    }

    /// <summary>Forgets what waits.</summary>
    public void Drop() => _held.Drop();

    /// <summary>
    /// Sends a record that is kept, raw or as a dead letter, with the time of now where Kafka does not take its own: its topic has the same
    /// limit as the target, and a device whose clock is ahead must not stop the stream.
    /// </summary>
    private bool Redate(NativeMessage* message, AsideRecord? aside)
    {
        if (message->Error is not (ErrorCode.InvalidTimestamp or ErrorCode.InvalidRecord) || aside is null or { IsRedated: true } or { Kind: AsideKind.Retry })
        {
            return false;
        }

        _scratch.CopyFrom(message);
        var now = setting.Time.GetUtcNow().ToUnixTimeMilliseconds();
        // In a batch with good records librdkafka calls every kind of bad one invalid.
        if (message->Error == ErrorCode.InvalidRecord && Math.Abs(now - _scratch.Timestamp) < NearMilliseconds)
        {
            return false;
        }

        DeadLetterHeaders.AddTimestamp(_scratch);
        _scratch.Timestamp = now;
        _scratch.IsTopicFromMessage = aside.IsTopicFromMessage;
        Resend(_scratch, message->Value, aside with { IsRedated = true });
        return true;
    }

    private void OnDeadLetterFailed(NativeMessage* message, string topic, AsideRecord aside)
    {
        if (Blames.Reason(message->Error) == RefusalReason.TooLarge && MayCut(message->Value))
        {
            _scratch.CopyFrom(message);
            DeadLetterHeaders.AddCut(_scratch, message->Value);
            Resend(_scratch, message->Value[..DeadLetterHeaders.CutBytes], aside);
            return;
        }

        if (Blames.Of(message->Error) == Blame.Record)
        {
            setting.Conditions.Stop(message->Error == ErrorCode.MsgSizeTooLarge
                ? SinkWords.DeadLetterTooLarge(topic, (int)message->PayloadLength)
                : SinkWords.DeadLetterRefused(topic, SinkWords.Of(message->Error, topic)));
        }
        else
        {
            life.Lose(message->Error, topic, SinkWords.DeadLetterRefused(topic, SinkWords.Of(message->Error, topic)));
        }
    }

    private void Again(NativeMessage* message, AsideRecord? aside, string topic, bool named, Blame blame)
    {
        var token = aside?.Token ?? new DeliveryToken(message->Opaque);
        _scratch.CopyFrom(message);
        _scratch.IsTopicFromMessage = named;
        var reason = SinkWords.Of(message->Error, topic);
        if (blame == Blame.Neighbour)
        {
            // It goes to the partition that it was meant for, behind what followed it there: rare enough to give up its place.
            Resend(_scratch, message->Value, (aside ?? new AsideRecord(token, AsideKind.Retry, 0, named)) with { Partition = message->Partition });
        }
        else if (aside?.Kind == AsideKind.KeptRaw)
        {
            Tell(reason, DeliveryOutcome.Discarded);
            life.SettleFromOutside(new SinkReceipt(token, DeliveryOutcome.Discarded, Blames.Reason(message->Error)));
        }
        else
        {
            var refusal = new Refusal(reason, Blames.Reason(message->Error), (aside?.Attempts ?? 0) + 1, CanPass: true, HasTarget: blame == Blame.Record, PlaceOf(message));
            RefuseUntilTaken(_scratch, message->Value, token, refusal);
        }
    }

    private void RefuseUntilTaken(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, Refusal refusal)
    {
        if (Refuse(record, value, token, refusal) == SendResult.QueueFull)
        {
            _held.Hold(record, value, FullPause, (copy, bytes) => RefuseUntilTaken(copy, bytes, token, refusal));
        }
    }

    private void Retry(KafkaRecord record, ReadOnlySpan<byte> value, AsideRecord aside) =>
        _held.Hold(record, value, setting.Delivery.RetryInterval, (copy, bytes) => Resend(copy, bytes, aside));

    // By its rule, which a copy cannot repeat: it has no partition key. Unless it is just that partition which is missing.
    private static int? PlaceOf(NativeMessage* message) =>
        message->Partition >= 0 && message->Error != ErrorCode.Local_UnknownPartition ? message->Partition : null;

    private void Resend(KafkaRecord record, ReadOnlySpan<byte> value, AsideRecord aside)
    {
        var name = aside.Kind == AsideKind.DeadLetter ? setting.Delivery.DeadLetterTopic! : record.Topic;
        // A retry is worth its name only when a topic that was missing is looked for again.
        var entry = life.Topics.Find(name, aside.IsTopicFromMessage, setting.Delivery.RetryInterval);
        if (entry.Handle is null && entry.Refusal is { } missing)
        {
            RefuseUntilTaken(record, value, aside.Token, new Refusal(missing.Cause, RefusalReason.TopicUnusable, aside.Attempts + 1, CanPass: true, HasTarget: false));
            return;
        }

        var opaque = _aside.Add(aside);
        var code = life.Produce(entry, aside.Partition, record, value, opaque);
        if (code == ErrorCode.NoError)
        {
            return;
        }

        _aside.Take(opaque);
        if (code == ErrorCode.Local_QueueFull)
        {
            _held.Hold(record, value, FullPause, (copy, bytes) => Resend(copy, bytes, aside));
        }
        else if (Blames.Of(code) is Blame.Record or Blame.Topic && (aside.IsTopicFromMessage || Blames.Of(code) == Blame.Record))
        {
            var refusal = new Refusal(SinkWords.Of(code, name), Blames.Reason(code), aside.Attempts + 1, CanPass: true, HasTarget: false, aside.Partition);
            RefuseUntilTaken(record, value, aside.Token, refusal);
        }
        else
        {
            life.Lose(code, name);
        }
    }

    /// <summary>Writes a record with its reason to the dead-letter topic or raw to its target.</summary>
    private SendResult SendAside(KafkaRecord record, ReadOnlySpan<byte> value, DeliveryToken token, Refusal refusal, AsideKind kind)
    {
        var isDeadLetter = kind == AsideKind.DeadLetter;
        var entry = isDeadLetter ? life.DeadLetters! : life.Topics.Find(record.Topic, record.IsTopicFromMessage);
        var envelope = new KafkaRecord();
        envelope.CopyFrom(record);
        if (isDeadLetter)
        {
            DeadLetterHeaders.Add(envelope, refusal, setting.Origin ?? new DeadLetterOrigin(setting.TaskId, null, null), setting.Time.GetUtcNow());
        }
        else
        {
            DeadLetterHeaders.Add(envelope, DeadLetterHeaders.Reason, refusal.Reason);
        }

        Tell(refusal.Reason, isDeadLetter ? DeliveryOutcome.DeadLettered : DeliveryOutcome.Delivered);
        var aside = new AsideRecord(token, kind, refusal.Attempts, record.IsTopicFromMessage, isDeadLetter ? Librdkafka.AnyPartition : refusal.Partition);
        var code = HandOver(entry, envelope, value, aside);
        if (code == ErrorCode.MsgSizeTooLarge && isDeadLetter && MayCut(value))
        {
            DeadLetterHeaders.AddCut(envelope, value);
            code = HandOver(entry, envelope, value[..DeadLetterHeaders.CutBytes], aside);
        }

        switch (code)
        {
            case ErrorCode.NoError:
                return SendResult.Taken;
            case ErrorCode.Local_QueueFull:
                return SendResult.QueueFull;
            case ErrorCode.MsgSizeTooLarge when isDeadLetter:
                setting.Conditions.Stop(SinkWords.DeadLetterTooLarge(entry.Name, envelope.Weight(value.Length)));
                return SendResult.NotReady;
            case ErrorCode.MsgSizeTooLarge:
                life.SettleFromOutside(new SinkReceipt(token, DeliveryOutcome.Discarded, RefusalReason.TooLarge));
                return SendResult.Taken;
            default:
                life.Lose(code, entry.Name, isDeadLetter ? SinkWords.DeadLetterRefused(entry.Name, SinkWords.Of(code, entry.Name)) : null);
                return SendResult.NotReady;
        }
    }

    private ErrorCode HandOver(TopicEntry entry, KafkaRecord envelope, ReadOnlySpan<byte> value, AsideRecord aside)
    {
        var opaque = _aside.Add(aside);
        var code = life.Produce(entry, aside.Partition, envelope, value, opaque);
        if (code != ErrorCode.NoError)
        {
            _aside.Take(opaque);
        }

        return code;
    }

    /// <summary>Cut once, and only when the operator chose that: one that is still too large then stops the task.</summary>
    private bool MayCut(ReadOnlySpan<byte> value) => setting.Delivery.CutLargeDeadLetters && value.Length > DeadLetterHeaders.CutBytes;

    /// <summary>Tells the first of an episode, and then one a second: a stream of bad messages must not become a stream of news.</summary>
    private void Tell(string reason, DeliveryOutcome outcome)
    {
        var now = setting.Time.GetTimestamp();
        lock (_tellGate)
        {
            if (_told && setting.Time.GetElapsedTime(_toldAt, now) < TellEvery)
            {
                return;
            }

            _told = true;
            _toldAt = now;
        }

        setting.Listener.OnRefusal(reason, outcome);
    }
}
