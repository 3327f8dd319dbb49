using Portal.Client.Contracts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>The steps of the task wizard, which are also the sections of a task's settings.</summary>
public enum ConnectorTaskStep
{
    /// <summary>Name and description.</summary>
    Basics,

    /// <summary>Where messages come from.</summary>
    Source,

    /// <summary>How a message becomes a record.</summary>
    Mapping,

    /// <summary>Where records go, and what happens to those that are refused.</summary>
    Target,

    /// <summary>All of it at a glance.</summary>
    Review,
}

/// <summary>Names of the steps, and which field is filled in where.</summary>
public static class ConnectorTaskSteps
{
    private static readonly Dictionary<string, ConnectorTaskStep> Fields = new()
    {
        [nameof(ConnectorTaskDraft.Name)] = ConnectorTaskStep.Basics,
        [nameof(ConnectorTaskDraft.Description)] = ConnectorTaskStep.Basics,
        [nameof(ConnectorTaskDraft.ConnectionId)] = ConnectorTaskStep.Source,
        [nameof(ConnectorTaskDraft.Topics)] = ConnectorTaskStep.Source,
        [nameof(ConnectorTaskDraft.Qos)] = ConnectorTaskStep.Source,
        [nameof(ConnectorTaskDraft.CleanSession)] = ConnectorTaskStep.Source,
        [nameof(ConnectorTaskDraft.Clients)] = ConnectorTaskStep.Source,
        [nameof(ConnectorTaskDraft.Filter)] = ConnectorTaskStep.Source,
        [nameof(ConnectorTaskDraft.Key)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.KeyArgument)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.Timestamp)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.TimestampPath)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.HeaderPrefix)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.MessageHeaders)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.PropertyHeaders)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.ExtensionHeaders)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.UserPropertyHeaders)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.EmptyPayloadIsTombstone)] = ConnectorTaskStep.Mapping,
        [nameof(ConnectorTaskDraft.KafkaInstanceId)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.AllowOtherRegion)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.Distribution)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.Topic)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.TopicMap)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.TopicTemplate)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.AutoCreate)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.Compression)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.Partitioning)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.FixedPartition)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.OnFailure)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.DeadLetterTopic)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.CutLargeDeadLetters)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.RetryAttempts)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.RetryIntervalSeconds)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.LimitMegabytesPerSecond)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.LimitMessagesPerSecond)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.LargestRecordKilobytes)] = ConnectorTaskStep.Target,
        [nameof(ConnectorTaskDraft.RestartsByItself)] = ConnectorTaskStep.Target,
    };

    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<ConnectorTaskStep> All { get; } = Enum.GetValues<ConnectorTaskStep>();

    /// <summary>The steps that are filled in, in order.</summary>
    public static IReadOnlyList<ConnectorTaskStep> Sections { get; } = [.. All.Where(step => step != ConnectorTaskStep.Review)];

    /// <summary>As in the address of the page.</summary>
    public static string Slug(this ConnectorTaskStep step) => step.ToString().ToLowerInvariant();

    /// <summary>The step of an address, or null.</summary>
    public static ConnectorTaskStep? FromSlug(string? slug) =>
        All.Cast<ConnectorTaskStep?>().FirstOrDefault(step => step!.Value.Slug() == slug);

    /// <summary>The step where a field is filled in; what belongs to none is about the whole and stands in the review.</summary>
    public static ConnectorTaskStep Of(string field) => Fields.GetValueOrDefault(Member(field), ConnectorTaskStep.Review);

    /// <summary>The member of the draft that a field is part of: <c>Topics</c> for <c>Topics[2]</c>.</summary>
    public static string Member(string field)
    {
        var end = field.AsSpan().IndexOfAny('[', '.');
        return end < 0 ? field : field[..end];
    }
}
