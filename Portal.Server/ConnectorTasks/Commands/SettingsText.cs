using Portal.Client.Contracts;
using Portal.Server.Audit;

namespace Portal.Server.ConnectorTasks.Commands;

/// <summary>From and to of a task's settings, for the audit and the log of the task.</summary>
internal static class SettingsText
{
    /// <param name="before">Null when the task is new: then what is left at its default is not mentioned.</param>
    /// <param name="after">The settings as they will be.</param>
    public static ChangeText Changes(ConnectorTaskDraft? before, ConnectorTaskDraft after)
    {
        var text = new ChangeText();
        var from = Words(before ?? new ConnectorTaskDraft()).ToDictionary(field => field.Name, field => field.Value);
        foreach (var (name, value) in Words(after))
        {
            if (before is not null)
            {
                text.Field(name, from[name], value);
            }
            else if (value != from[name])
            {
                text.Field(name, null, value);
            }
        }

        return text;
    }

    private static IEnumerable<(string Name, string Value)> Words(ConnectorTaskDraft draft) =>
    [
        ("Name", draft.Name),
        ("Description", draft.Description),
        ("Connection", draft.ConnectionId),
        ("Topics", string.Join(", ", draft.Topics)),
        ("QoS", draft.Qos.ToString()),
        ("Clean session", OnOff(draft.CleanSession)),
        ("Clients", draft.Clients.ToString()),
        ("Filter", draft.Filter ?? ""),
        ("Kafka instance", draft.KafkaInstanceId),
        ("Another region", OnOff(draft.AllowOtherRegion)),
        ("Target", Target(draft)),
        ("Auto-create", draft.AutoCreate is { } creation ? $"{creation.Partitions} partitions, {creation.Replicas} replicas, {creation.RetentionHours?.ToString() ?? "default"} h, {creation.Cleanup ?? "default"}" : "off"),
        ("Compression", draft.Compression.ToString()),
        ("Partitioning", draft.Partitioning == PartitioningKind.Fixed ? $"Fixed {draft.FixedPartition}" : draft.Partitioning.ToString()),
        ("Key", $"{draft.Key} {draft.KeyArgument}".TrimEnd()),
        ("Timestamp", $"{draft.Timestamp} {draft.TimestampPath}".TrimEnd()),
        ("Header prefix", draft.HeaderPrefix),
        ("Message headers", OnOff(draft.MessageHeaders)),
        ("Property headers", OnOff(draft.PropertyHeaders)),
        ("Extension headers", OnOff(draft.ExtensionHeaders)),
        ("User property headers", OnOff(draft.UserPropertyHeaders)),
        ("Tombstones", OnOff(draft.EmptyPayloadIsTombstone)),
        ("On failure", draft.OnFailure.ToString()),
        ("Dead-letter topic", draft.DeadLetterTopic),
        ("Cut large dead letters", OnOff(draft.CutLargeDeadLetters)),
        ("Retries", $"{draft.RetryAttempts} every {draft.RetryIntervalSeconds} s"),
        ("Throughput limit", draft.LimitMegabytesPerSecond is { } megabytes ? $"{megabytes} MB/s" : "off"),
        ("Message limit", draft.LimitMessagesPerSecond is { } messages ? $"{messages} messages/s" : "off"),
        ("Largest record", $"{draft.LargestRecordKilobytes} kB"),
        ("Automatic restart", OnOff(draft.RestartsByItself)),
    ];

    private static string Target(ConnectorTaskDraft draft) => draft.Distribution switch
    {
        DistributionPolicy.TopicMap => string.Join(", ", draft.TopicMap.Select(row => $"{row.Filter} → {row.Topic}")),
        DistributionPolicy.Template => $"template {draft.TopicTemplate}",
        _ => $"topic {draft.Topic}",
    };

    private static string OnOff(bool value) => value ? "on" : "off";
}
