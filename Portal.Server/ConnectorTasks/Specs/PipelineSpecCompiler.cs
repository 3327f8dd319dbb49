using Portal.Client.Contracts;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Checks;

namespace Portal.Server.ConnectorTasks.Specs;

/// <summary>From what a person asked for to the order that the engine carries out. Pure: the same input gives the same spec.</summary>
internal static class PipelineSpecCompiler
{
    public static PipelineSpec Compile(string id, long revision, ConnectorTaskDraft settings, MqttBrokerSpec broker, KafkaSpec kafka) => new()
    {
        Id = id,
        Name = settings.Name,
        Revision = revision,
        // What is out of bounds is refused in words elsewhere; compiled it would be a list of its length, or no time at all.
        Clients = [.. Enumerable.Range(0, Math.Clamp(settings.Clients, 0, ConnectorTaskValidator.MostClients))],
        Source = new SourceSpec
        {
            Broker = broker,
            Group = new SharedSubscriptionGroup(GroupName(id), settings.Topics),
            Qos = settings.Qos,
            CleanSession = settings.CleanSession,
        },
        Filter = string.IsNullOrWhiteSpace(settings.Filter) ? null : settings.Filter.Trim(),
        Mapping = Mapping(settings),
        Sink = new SinkSpec
        {
            Kafka = kafka,
            AutoCreate = settings.AutoCreate is { } creation ? Creation(creation) : null,
            Compression = Compression(settings.Compression),
            Partitioning = Partitioning(settings.Partitioning),
            FixedPartition = settings.FixedPartition,
            MaxMessageBytes = (int)Math.Min(int.MaxValue, settings.LargestRecordKilobytes * 1024L),
        },
        Delivery = new DeliverySpec
        {
            OnFailure = OnFailure(settings.OnFailure),
            DeadLetterTopic = DeadLetterTopic(settings),
            CutLargeDeadLetters = settings.CutLargeDeadLetters,
            RetryAttempts = settings.RetryAttempts,
            RetryInterval = TimeSpan.FromSeconds(settings.RetryIntervalSeconds),
        },
        Limits = new LimitSpec
        {
            BytesPerSecond = settings.LimitMegabytesPerSecond * 1_000_000d,
            MessagesPerSecond = settings.LimitMessagesPerSecond,
        },
        RestartsByItself = settings.RestartsByItself,
    };

    /// <summary>Group names know no hyphen: <c>task-y8k3m2ab</c> subscribes in <c>task_y8k3m2ab</c>.</summary>
    public static string GroupName(string id) => id.Replace('-', '_');

    /// <summary>The dead-letter topic in force, or null when dead letters are not asked for.</summary>
    public static string? DeadLetterTopic(ConnectorTaskDraft settings) => settings switch
    {
        { OnFailure: not FailurePolicyKind.DeadLetter } => null,
        { DeadLetterTopic: { } named } when !string.IsNullOrWhiteSpace(named) => named,
        { Distribution: DistributionPolicy.OneTopic } => $"{settings.Topic}.dlq",
        _ => $"{settings.Name}.dlq",
    };

    private static MappingSpec Mapping(ConnectorTaskDraft settings) => new()
    {
        Key = settings.Key switch
        {
            KeyKind.Topic => KeySource.Topic,
            KeyKind.MessageId => KeySource.MessageId,
            KeyKind.PublisherClientId => KeySource.PublisherClientId,
            KeyKind.UserProperty => KeySource.UserProperty,
            KeyKind.PayloadPath => KeySource.PayloadPath,
            KeyKind.Template => KeySource.Template,
            _ => KeySource.None,
        },
        // An argument that the chosen key does not use is kept in the form and must not reach the engine, where it would count as a change.
        KeyArgument = settings.Key is KeyKind.UserProperty or KeyKind.PayloadPath or KeyKind.Template ? settings.KeyArgument : null,
        Timestamp = settings.Timestamp switch
        {
            TimestampKind.MessageTimestamp => TimestampSource.MessageTimestamp,
            TimestampKind.PayloadPath => TimestampSource.PayloadPath,
            _ => TimestampSource.Received,
        },
        TimestampPath = settings.Timestamp == TimestampKind.PayloadPath ? settings.TimestampPath : null,
        HeaderPrefix = settings.HeaderPrefix,
        Headers = (settings.MessageHeaders ? HeaderGroups.Message : HeaderGroups.None)
            | (settings.PropertyHeaders ? HeaderGroups.Properties : HeaderGroups.None)
            | (settings.ExtensionHeaders ? HeaderGroups.Extensions : HeaderGroups.None)
            | (settings.UserPropertyHeaders ? HeaderGroups.UserProperties : HeaderGroups.None),
        EmptyPayloadIsTombstone = settings.EmptyPayloadIsTombstone,
        Topics = settings.Distribution switch
        {
            DistributionPolicy.TopicMap => TopicRule.Map([.. settings.TopicMap.Select(row => new TopicMapRow(row.Filter, row.Topic))]),
            DistributionPolicy.Template => TopicRule.Template(settings.TopicTemplate),
            _ => TopicRule.One(settings.Topic),
        },
    };

    private static TopicCreation Creation(TopicCreationSettings settings) => new()
    {
        Partitions = settings.Partitions,
        Replicas = settings.Replicas,
        Retention = settings.RetentionHours is { } hours ? TimeSpan.FromHours(Math.Clamp(hours, 0, Topics.TopicDraftRules.LongestRetention)) : null,
        Cleanup = settings.Cleanup,
    };

    private static KafkaCompression Compression(CompressionKind kind) => kind switch
    {
        CompressionKind.Gzip => KafkaCompression.Gzip,
        CompressionKind.Snappy => KafkaCompression.Snappy,
        CompressionKind.Lz4 => KafkaCompression.Lz4,
        CompressionKind.Zstd => KafkaCompression.Zstd,
        _ => KafkaCompression.None,
    };

    private static PartitioningRule Partitioning(PartitioningKind kind) => kind switch
    {
        PartitioningKind.RoundRobin => PartitioningRule.RoundRobin,
        PartitioningKind.Fixed => PartitioningRule.Fixed,
        PartitioningKind.Topic => PartitioningRule.Topic,
        PartitioningKind.PublisherClientId => PartitioningRule.PublisherClientId,
        _ => PartitioningRule.Key,
    };

    private static FailureAction OnFailure(FailurePolicyKind kind) => kind switch
    {
        FailurePolicyKind.Discard => FailureAction.Discard,
        FailurePolicyKind.KeepRaw => FailureAction.KeepRaw,
        FailurePolicyKind.Stop => FailureAction.Stop,
        _ => FailureAction.DeadLetter,
    };
}
