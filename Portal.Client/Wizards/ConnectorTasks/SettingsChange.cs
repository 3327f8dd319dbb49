using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>What saving a change does to a running task.</summary>
public enum ChangeEffect
{
    /// <summary>Nothing differs.</summary>
    None,

    /// <summary>Nothing that the engine is told of.</summary>
    Words,

    /// <summary>The new rules count from the next message on.</summary>
    Swap,

    /// <summary>Clients join or leave; the others are not touched.</summary>
    Scale,

    /// <summary>The task finishes what is open and starts again.</summary>
    Restart,
}

/// <summary>A line that differs.</summary>
/// <param name="Label">Which setting.</param>
/// <param name="Before">As stored; null when it did not apply.</param>
/// <param name="After">As it would be; null when it no longer applies.</param>
public sealed record ChangedLine(string Label, string? Before, string? After);

/// <summary>The difference between the settings of a task as stored and as they stand in the form.</summary>
/// <param name="Effect">What saving it does to a running task.</param>
/// <param name="Lines">What differs, in the order of the form.</param>
public sealed record SettingsChange(ChangeEffect Effect, IReadOnlyList<ChangedLine> Lines)
{
    /// <summary>Compares two drafts of one task.</summary>
    public static SettingsChange Between(
        ConnectorTaskDraft before, SettingNames namesBefore, ConnectorTaskDraft after, SettingNames namesAfter)
    {
        var lines = Compare(SettingsSummary.Of(before, namesBefore), SettingsSummary.Of(after, namesAfter));
        return new(EffectOf(before, after), lines);
    }

    /// <summary>What saving does to a running task, for the person who is about to.</summary>
    public string Consequence => Effect switch
    {
        ChangeEffect.None => "Nothing has changed.",
        ChangeEffect.Words => "The task goes on untouched.",
        ChangeEffect.Swap => "The task goes on: the new rules count from the next message, without a restart.",
        ChangeEffect.Scale => "The task goes on. Clients that join connect by themselves; those that leave first deliver what the broker still has for them "
            + "and then end their sessions, which takes some seconds. Nothing is lost, and the other clients are not touched.",
        _ => "The task finishes what is open, disconnects and starts again with the new settings, which takes a few seconds. "
            + "QoS 1 and 2 messages wait at the broker meanwhile; QoS 0 messages, and all with a clean session, are lost.",
    };

    private static ChangeEffect EffectOf(ConnectorTaskDraft before, ConnectorTaskDraft after) =>
        Same(before, after) ? ChangeEffect.None
        : Same(WithoutWords(before), WithoutWords(after)) ? ChangeEffect.Words
        : Same(WithoutMapping(before), WithoutMapping(after)) ? ChangeEffect.Swap
        : Same(WithoutMapping(before) with { Clients = 0 }, WithoutMapping(after) with { Clients = 0 }) ? ChangeEffect.Scale
        : ChangeEffect.Restart;

    // The dead-letter topic is written out first: where it is derived from the target or the name, it changes with them, and it belongs to
    // the sink.
    private static ConnectorTaskDraft WithoutWords(ConnectorTaskDraft draft) =>
        draft with
        {
            DeadLetterTopic = SettingsSummary.DeadLetterTopic(draft) ?? "",
            Name = "",
            Description = "",
            AllowOtherRegion = false,
        };

    private static ConnectorTaskDraft WithoutMapping(ConnectorTaskDraft draft)
    {
        var blank = new ConnectorTaskDraft();
        return WithoutWords(draft) with
        {
            Filter = blank.Filter,
            Key = blank.Key,
            KeyArgument = blank.KeyArgument,
            Timestamp = blank.Timestamp,
            TimestampPath = blank.TimestampPath,
            HeaderPrefix = blank.HeaderPrefix,
            MessageHeaders = blank.MessageHeaders,
            PropertyHeaders = blank.PropertyHeaders,
            ExtensionHeaders = blank.ExtensionHeaders,
            UserPropertyHeaders = blank.UserPropertyHeaders,
            EmptyPayloadIsTombstone = blank.EmptyPayloadIsTombstone,
            Distribution = blank.Distribution,
            Topic = blank.Topic,
            TopicMap = blank.TopicMap,
            TopicTemplate = blank.TopicTemplate,
            LimitMegabytesPerSecond = blank.LimitMegabytesPerSecond,
            LimitMessagesPerSecond = blank.LimitMessagesPerSecond,
            RestartsByItself = blank.RestartsByItself,
        };
    }

    // Records compare lists by reference; here their content counts.
    private static bool Same(ConnectorTaskDraft a, ConnectorTaskDraft b) =>
        a.Topics.SequenceEqual(b.Topics)
        && a.TopicMap.SequenceEqual(b.TopicMap)
        && (a with { Topics = b.Topics, TopicMap = b.TopicMap }) == b;

    private static List<ChangedLine> Compare(IReadOnlyList<SettingLine> before, IReadOnlyList<SettingLine> after)
    {
        var old = before.ToDictionary(line => line.Label, line => line.Value);
        var now = after.ToDictionary(line => line.Label, line => line.Value);
        return
        [
            .. before.Concat(after).Select(line => line.Label).Distinct()
                .Select(label => new ChangedLine(label, old.GetValueOrDefault(label), now.GetValueOrDefault(label)))
                .Where(line => line.Before != line.After),
        ];
    }
}
