using Confluent.Kafka;
using Portal.Engine.Sinks.Producing;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Topics;

/// <summary>How an attempt to open a topic ended.</summary>
internal enum TopicVerdict
{
    /// <summary>It can be written.</summary>
    Ready,

    /// <summary>Kafka did not answer; nothing is known.</summary>
    NoAnswer,

    /// <summary>It is missing, not allowed or unusable.</summary>
    Refused,
}

/// <summary>An end; refused with its cause in words.</summary>
internal readonly record struct TopicOpening(TopicVerdict Verdict, string? Cause);

/// <summary>Finds out whether a topic can be written, and creates it where that is asked for.</summary>
internal sealed class TopicOpener(SinkSpec sink, ITopicCreator creator, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks once.</summary>
    public static Task<TopicAnswer> AskAsync(KafkaProducer producer, TopicHandle topic) =>
        OwnThread.RunAsync(() => producer.Ask(topic, Patience));

    /// <summary>Asks, creates if missing and asked for, and asks again until the cluster has spread the news. Fills the handle's partition count.</summary>
    /// <param name="producer">Through which it asks.</param>
    /// <param name="topic">A handle of that producer.</param>
    /// <param name="creation">How to create it, or null for not at all.</param>
    /// <param name="fixedPartition">A partition that it must have, or null.</param>
    /// <param name="cancellationToken">Ends it, though not the question that is under way: that is bounded by 5 s.</param>
    public async Task<TopicOpening> OpenAsync(
        KafkaProducer producer, TopicHandle topic, TopicCreation? creation, int? fixedPartition, CancellationToken cancellationToken)
    {
        var created = false;
        // Some rounds more than a new topic ever took to reach all brokers: 10 s.
        for (var round = 0; round < 100; round++)
        {
            var answer = await AskAsync(producer, topic);
            cancellationToken.ThrowIfCancellationRequested();
            switch (answer.Error)
            {
                case ErrorCode.NoError when answer.Partitions > 0:
                    topic.Partitions = answer.Partitions;
                    return fixedPartition >= answer.Partitions
                        ? Refuse(SinkWords.NoSuchPartition(topic.Name, fixedPartition.Value, answer.Partitions))
                        : new TopicOpening(TopicVerdict.Ready, null);
                case ErrorCode.NoError or ErrorCode.LeaderNotAvailable:
                    break;
                case ErrorCode.UnknownTopicOrPart when created:
                    break;
                case ErrorCode.UnknownTopicOrPart when creation is not null:
                    if (await creator.CreateAsync(sink.Kafka, topic.Name, creation, cancellationToken) is { } refusal)
                    {
                        return Refuse(refusal);
                    }

                    created = true;
                    break;
                case ErrorCode.UnknownTopicOrPart:
                    return Refuse(SinkWords.MissingTopic(topic.Name));
                case ErrorCode.TopicAuthorizationFailed or ErrorCode.TopicException:
                    return Refuse(SinkWords.Of(answer.Error, topic.Name));
                default:
                    return new TopicOpening(TopicVerdict.NoAnswer, null);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return new TopicOpening(TopicVerdict.NoAnswer, null);
    }

    private static TopicOpening Refuse(string cause) => new(TopicVerdict.Refused, cause);
}
