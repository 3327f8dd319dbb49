using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>One line of a summary.</summary>
/// <param name="Step">The section that it belongs to.</param>
/// <param name="Label">What it is.</param>
/// <param name="Value">How it is set, in words.</param>
/// <param name="IsCode">Whether the value is a name, filter or template, to be set in monospace.</param>
public sealed record SettingLine(ConnectorTaskStep Step, string Label, string Value, bool IsCode = false);

/// <summary>The names that a draft holds only as ids.</summary>
/// <param name="Connection">Of the connection.</param>
/// <param name="KafkaInstance">Of the Kafka instance.</param>
public sealed record SettingNames(string Connection, string KafkaInstance);

/// <summary>A task's settings as lines to read: the review of the wizard, the Settings tab, and both sides of a comparison.</summary>
public static class SettingsSummary
{
    private const string Unset = "—";

    /// <summary>All lines, in the order of the form. What does not apply is left out.</summary>
    public static IReadOnlyList<SettingLine> Of(ConnectorTaskDraft draft, SettingNames names) =>
        [.. Basics(draft), .. Source(draft, names), .. Mapping(draft), .. Target(draft, names)];

    /// <summary>
    /// The topic for dead letters in force: the one named, or the one derived from the target, or null where none is used.
    /// </summary>
    public static string? DeadLetterTopic(ConnectorTaskDraft draft) => draft switch
    {
        { OnFailure: not FailurePolicyKind.DeadLetter } => null,
        { DeadLetterTopic.Length: > 0 } => draft.DeadLetterTopic,
        { Distribution: DistributionPolicy.OneTopic } => $"{draft.Topic}.dlq",
        _ => $"{draft.Name}.dlq",
    };

    /// <summary>Where records go, in a few words.</summary>
    public static string TargetTopic(ConnectorTaskDraft draft) => draft.Distribution switch
    {
        DistributionPolicy.OneTopic => draft.Topic,
        DistributionPolicy.TopicMap => $"by map ({draft.TopicMap.Count})",
        _ => draft.TopicTemplate,
    };

    /// <summary>What the line about the target's topics is called: beside those of MQTT, "One topic" does not say whose.</summary>
    public static string TopicLabel(DistributionPolicy policy) => policy switch
    {
        DistributionPolicy.OneTopic => "Kafka topic",
        DistributionPolicy.TopicMap => "Topic map",
        _ => "Topic template",
    };

    private static IEnumerable<SettingLine> Basics(ConnectorTaskDraft draft)
    {
        yield return new(ConnectorTaskStep.Basics, "Name", Text(draft.Name));
        yield return new(ConnectorTaskStep.Basics, "Description", Text(draft.Description));
    }

    private static IEnumerable<SettingLine> Source(ConnectorTaskDraft draft, SettingNames names)
    {
        yield return new(ConnectorTaskStep.Source, "Connection", Text(names.Connection));
        yield return new(ConnectorTaskStep.Source, "Topics", Text(string.Join(", ", draft.Topics)), IsCode: true);
        yield return new(ConnectorTaskStep.Source, "QoS", draft.Qos.ToString());
        yield return new(ConnectorTaskStep.Source, "Clean session", OnOff(draft.CleanSession));
        yield return new(ConnectorTaskStep.Source, "Clients", draft.Clients.ToString());
        yield return new(ConnectorTaskStep.Source, "Filter", Text(draft.Filter), IsCode: true);
    }

    private static IEnumerable<SettingLine> Mapping(ConnectorTaskDraft draft)
    {
        yield return new(ConnectorTaskStep.Mapping, "Key", draft.Key.Label());
        if (draft.Key is KeyKind.UserProperty or KeyKind.PayloadPath or KeyKind.Template)
        {
            yield return new(ConnectorTaskStep.Mapping, "Key from", Text(draft.KeyArgument), IsCode: true);
        }

        yield return new(ConnectorTaskStep.Mapping, "Timestamp", draft.Timestamp.Label());
        if (draft.Timestamp == TimestampKind.PayloadPath)
        {
            yield return new(ConnectorTaskStep.Mapping, "Timestamp from", Text(draft.TimestampPath), IsCode: true);
        }

        yield return new(ConnectorTaskStep.Mapping, "Headers", Headers(draft));
        if (draft.HeaderPrefix.Length > 0)
        {
            yield return new(ConnectorTaskStep.Mapping, "Header prefix", draft.HeaderPrefix, IsCode: true);
        }

        var empty = draft.EmptyPayloadIsTombstone ? "Tombstone (null value)" : "Empty value";
        yield return new(ConnectorTaskStep.Mapping, "Empty payload", empty);
    }

    private static IEnumerable<SettingLine> Target(ConnectorTaskDraft draft, SettingNames names)
    {
        yield return new(ConnectorTaskStep.Target, "Kafka instance", Text(names.KafkaInstance));
        yield return new(ConnectorTaskStep.Target, TopicLabel(draft.Distribution), Text(Topics(draft)), IsCode: true);
        yield return new(ConnectorTaskStep.Target, "Missing topics", Creation(draft.AutoCreate));
        yield return new(ConnectorTaskStep.Target, "Compression", draft.Compression.Label());
        yield return new(
            ConnectorTaskStep.Target,
            "Partitioning",
            draft.Partitioning == PartitioningKind.Fixed ? $"Always partition {draft.FixedPartition}" : draft.Partitioning.Label());
        yield return new(ConnectorTaskStep.Target, "Refused messages", draft.OnFailure.Label());
        if (DeadLetterTopic(draft) is { } deadLetters)
        {
            yield return new(ConnectorTaskStep.Target, "Dead-letter topic", deadLetters, IsCode: true);
            yield return new(ConnectorTaskStep.Target, "Too large for it", draft.CutLargeDeadLetters ? "Stored cut to 64 KiB, with size and hash" : "The task stops");
        }

        yield return new(
            ConnectorTaskStep.Target,
            "Retries",
            draft.RetryAttempts == 0 ? "None" : $"{draft.RetryAttempts}, every {draft.RetryIntervalSeconds} s");
        yield return new(ConnectorTaskStep.Target, "Limits", Limits(draft));
        yield return new(ConnectorTaskStep.Target, "Largest record", $"{Numbers.Count(draft.LargestRecordKilobytes)} kB");
        yield return new(ConnectorTaskStep.Target, "Restart after a fault", OnOff(draft.RestartsByItself));
    }

    private static string Topics(ConnectorTaskDraft draft) => draft.Distribution == DistributionPolicy.TopicMap
        ? string.Join(", ", draft.TopicMap.Select(row => $"{row.Filter} → {row.Topic}"))
        : TargetTopic(draft);

    private static string Limits(ConnectorTaskDraft draft) => (draft.LimitMegabytesPerSecond, draft.LimitMessagesPerSecond) switch
    {
        (null, null) => "None",
        ({ } megabytes, null) => $"{Numbers.Count(megabytes)} MB/s",
        (null, { } messages) => $"{Numbers.Count(messages)} messages/s",
        ({ } megabytes, { } messages) => $"{Numbers.Count(megabytes)} MB/s and {Numbers.Count(messages)} messages/s",
    };

    private static string Creation(TopicCreationSettings? creation)
    {
        if (creation is null)
        {
            return "Must exist";
        }

        var partitions = Numbers.Plural(creation.Partitions, "partition");
        var replicas = creation.Replicas == -1 ? "the cluster's default number of replicas" : Numbers.Plural(creation.Replicas, "replica");
        var retention = creation.RetentionHours is { } hours ? $", kept {hours} h" : "";
        var cleanup = creation.Cleanup is { } policy ? $", cleanup {policy}" : "";
        return $"Created with {partitions}, {replicas}{retention}{cleanup}";
    }

    private static string Headers(ConnectorTaskDraft draft)
    {
        (bool On, string Name)[] groups =
        [
            (draft.MessageHeaders, "message fields"), (draft.PropertyHeaders, "MQTT 5 properties"),
            (draft.ExtensionHeaders, "publisher fields"), (draft.UserPropertyHeaders, "user properties"),
        ];
        return groups.All(group => group.On) ? "All"
            : groups.Any(group => group.On) ? string.Join(", ", groups.Where(group => group.On).Select(group => group.Name))
            : "None";
    }

    private static string Text(string? value) => string.IsNullOrEmpty(value) ? Unset : value;

    private static string OnOff(bool on) => on ? "On" : "Off";
}
