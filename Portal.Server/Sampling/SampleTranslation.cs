using Portal.Client.Contracts;
using Portal.Engine.Sampling;
using Portal.Engine.Specs;

namespace Portal.Server.Sampling;

/// <summary>Between what the engine samples and what a page shows. The only place that knows both.</summary>
internal static class SampleTranslation
{
    public static SampleView View(SampleReport report) => new()
    {
        Progress = report.State switch
        {
            SampleState.Opening => SampleProgress.Opening,
            SampleState.Listening => SampleProgress.Listening,
            _ => SampleProgress.Ended,
        },
        EndsAt = report.EndsAt,
        Ending = report.End is null ? null : Words(report),
        Failed = report.End is SampleEnd.Refused or SampleEnd.Lost,
        Warnings = report.Warnings,
        Messages = [.. report.Messages.Select(Message)],
        Received = report.Received,
        Topics = [.. report.Topics.Select(topic => new TopicCount(topic.Topic, topic.Messages))],
        MoreTopics = report.MoreTopics,
    };

    public static SampledMessage Message(MessageSample sample) => SampledMessage.Compose(
        sample.Topic,
        sample.Payload,
        new MessageProperties
        {
            Format = sample.PayloadFormat,
            ExpirySeconds = (uint?)sample.ExpirySeconds,
            ContentType = sample.ContentType,
            ResponseTopic = sample.ResponseTopic,
            CorrelationData = sample.CorrelationData,
            Subscriptions = sample.Subscriptions,
            User = [.. sample.UserProperties.Select(property => KeyValuePair.Create(property.Name, property.Value))],
        },
        sample.Qos,
        sample.Retained,
        sample.ReceivedAt.ToUnixTimeMilliseconds());

    public static RecordView Record(RecordPreview preview, SinkSpec sink, IReadOnlyDictionary<string, int> partitions) => new()
    {
        Passes = preview.Passes,
        Failure = preview.Failure,
        Topic = preview.Topic,
        Key = preview.Key,
        Partition = Partition(preview, sink, partitions),
        Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(preview.Timestamp, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())),
        IsTombstone = preview.IsTombstone,
        Headers = [.. preview.Headers.Select(header => new RecordHeader(header.Name, header.Value))],
    };

    private static MessageSample Message(SampledMessage message)
    {
        var properties = message.ReadProperties();
        return new MessageSample
        {
            Topic = message.Topic,
            Payload = message.Payload,
            Qos = message.Qos,
            Retained = message.Retained,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(message.ReceivedAt),
            UserProperties = [.. properties.User.Select(property => new NamedText(property.Key, property.Value))],
            ContentType = properties.ContentType,
            ResponseTopic = properties.ResponseTopic,
            CorrelationData = properties.CorrelationData,
            ExpirySeconds = properties.ExpirySeconds,
            PayloadFormat = properties.Format,
            Subscriptions = properties.Subscriptions,
        };
    }

    private static string Words(SampleReport report) => report.End switch
    {
        SampleEnd.Full when report.Messages.Count == 1 => "One message is there.",
        SampleEnd.Full => $"{report.Messages.Count} messages are there.",
        SampleEnd.TimeOver when report.Received == 0 => "The time is over, and no message came. That is no error: the topics may be quiet, or nobody publishes to them.",
        SampleEnd.TimeOver => "The time is over.",
        SampleEnd.BytesRead => $"{report.Bytes / (1024.0 * 1024):0.#} MiB came, which is as much as a sample reads.",
        SampleEnd.Lost => $"The sample lost its connection: {report.Cause}",
        _ => report.Cause ?? "",
    };

    private static string Partition(RecordPreview preview, SinkSpec sink, IReadOnlyDictionary<string, int> partitions)
    {
        var count = preview.Topic is { } topic && partitions.TryGetValue(topic, out var known) && known > 0 ? known
            : sink.AutoCreate is { Partitions: > 0 } creation ? creation.Partitions
            : (int?)null;
        var rule = sink.Partitioning switch
        {
            PartitioningRule.Fixed => $"always {sink.FixedPartition}",
            PartitioningRule.RoundRobin => "one after the other",
            PartitioningRule.Topic => "by MQTT topic",
            PartitioningRule.PublisherClientId => "by publisher",
            _ when preview.Key is null => "at random, for want of a key",
            _ => "by key",
        };
        return count is { } many && preview.PartitionOf(many) is { } partition ? $"{rule} → {partition}" : rule;
    }
}
