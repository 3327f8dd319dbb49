using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>The choices of a task's settings, in words.</summary>
public static class SettingLabels
{
    /// <summary>For a choice of topic.</summary>
    public static string Label(this DistributionPolicy policy) => policy switch
    {
        DistributionPolicy.OneTopic => "One topic",
        DistributionPolicy.TopicMap => "Topic map",
        _ => "By template",
    };

    /// <summary>For a choice of compression.</summary>
    public static string Label(this CompressionKind compression) => compression.ToString().ToLowerInvariant();

    /// <summary>For a choice of partitioning.</summary>
    public static string Label(this PartitioningKind partitioning) => partitioning switch
    {
        PartitioningKind.Key => "By key",
        PartitioningKind.RoundRobin => "Round robin",
        PartitioningKind.Fixed => "One fixed partition",
        PartitioningKind.Topic => "By MQTT topic",
        _ => "By publisher client id",
    };

    /// <summary>For a choice of key.</summary>
    public static string Label(this KeyKind key) => key switch
    {
        KeyKind.Topic => "MQTT topic",
        KeyKind.MessageId => "Message id",
        KeyKind.PublisherClientId => "Publisher client id",
        KeyKind.UserProperty => "User property",
        KeyKind.PayloadPath => "JSON path of the payload",
        KeyKind.Template => "Template",
        _ => "No key",
    };

    /// <summary>For a choice of timestamp.</summary>
    public static string Label(this TimestampKind timestamp) => timestamp switch
    {
        TimestampKind.Received => "Time of receipt",
        TimestampKind.MessageTimestamp => "Property $__messageTimestamp",
        _ => "JSON path of the payload",
    };

    /// <summary>For a choice of what happens to refused messages.</summary>
    public static string Label(this FailurePolicyKind policy) => policy switch
    {
        FailurePolicyKind.DeadLetter => "Dead-letter topic",
        FailurePolicyKind.Discard => "Discard and count",
        FailurePolicyKind.KeepRaw => "Keep raw in the target topic",
        _ => "Stop the task",
    };
}
