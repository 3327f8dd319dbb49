using Portal.Engine.Mapping;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Specs;

namespace Portal.Engine.Replay;

/// <inheritdoc cref="IMessageReplay"/>
public sealed class MessageReplay(IRecordMapperFactory mappers, IRecordSinkFactory sinks, TimeProvider time) : IMessageReplay
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    public IReadOnlyList<string?> Check(PipelineSpec spec, IReadOnlyList<ReplayedMessage> messages)
    {
        var mapper = mappers.Create(spec.Mapping, filter: null, spec.Sink.Partitioning);
        var record = new KafkaRecord();
        return [.. messages.Select(message => TryMap(spec, mapper, message, record))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReplayResult>> SendAsync(
        PipelineSpec spec, IReadOnlyList<ReplayedMessage> messages, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var answers = new ReplayAnswers(messages.Count);
        var mapper = mappers.Create(spec.Mapping, filter: null, spec.Sink.Partitioning);
        // Refused again, a message is still in its dead-letter topic: it must not go there twice, nor stop the sink for the others.
        await using var sink = sinks.Create(spec with { Delivery = new DeliverySpec { OnFailure = FailureAction.Discard } }, answers);
        var record = new KafkaRecord();
        for (var index = 0; index < messages.Count; index++)
        {
            if (TryMap(spec, mapper, messages[index], record) is { } failure)
            {
                answers.Refuse(index, failure);
                continue;
            }

            // A topic that cannot be written is the failure of this message, and not a state that everything behind it waits for.
            record.IsTopicFromMessage = true;
            SendResult sent;
            while ((sent = sink.Send(record, messages[index].Payload, new DeliveryToken((ulong)index))) == SendResult.QueueFull
                && time.GetElapsedTime(began) < limit)
            {
                await Task.Delay(Look, time, cancellationToken);
            }

            if (sent != SendResult.Taken)
            {
                break;
            }
        }

        sink.Hurry();
        while (!answers.IsComplete && sink.State.Condition is not (SinkCondition.Lost or SinkCondition.Stopped) && time.GetElapsedTime(began) < limit)
        {
            await Task.Delay(Look, time, cancellationToken);
        }

        return answers.Results(sink.State.Cause ?? SinkWords.NoAnswer);
    }

    private static string? TryMap(PipelineSpec spec, IRecordMapper mapper, ReplayedMessage message, KafkaRecord record)
    {
        if (mapper.Map(message.Message, record, out var failure) == MapOutcome.Failed)
        {
            return failure;
        }

        var weight = record.Weight(message.Payload.Length);
        return weight > spec.Sink.MaxMessageBytes ? SinkWords.TooLarge(weight, spec.Sink.MaxMessageBytes) : null;
    }
}
