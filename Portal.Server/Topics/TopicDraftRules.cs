using Portal.Client.Contracts;
using Portal.Engine.Mapping.Topics;

namespace Portal.Server.Topics;

/// <summary>What a topic can be created with; all that is wrong at once.</summary>
internal static class TopicDraftRules
{
    /// <summary>In hours: a hundred years.</summary>
    public const int LongestRetention = 876_000;

    private static readonly string?[] Cleanups = [null, "delete", "compact", "compact,delete"];

    /// <param name="draft">What was filled in.</param>
    /// <param name="inSandbox">Whether it is for the Kafka inside this server, which offers less.</param>
    public static List<FieldError> Check(TopicDraft draft, bool inSandbox)
    {
        List<FieldError> errors = [];
        Add(nameof(draft.Name), KafkaTopicName.Check(draft.Name));
        Add(nameof(draft.Partitions), draft.Partitions is >= 1 and <= 1_000
            ? null : $"The number of partitions must be from 1 to 1 000, not {draft.Partitions}.");
        Add(nameof(draft.Replicas), draft.Replicas is -1 or >= 1 and <= short.MaxValue
            ? null : $"The number of replicas must be at least 1, or -1 for the cluster's default, not {draft.Replicas}.");
        Add(nameof(draft.RetentionHours), draft.RetentionHours is null or >= 1 and <= LongestRetention
            ? null : $"The retention must be from 1 to 876 000 hours, not {draft.RetentionHours}. Leave it out for the cluster's default.");
        Add(nameof(draft.Cleanup), Cleanups.Contains(draft.Cleanup)
            ? null : "The cleanup policy is delete, compact or compact,delete. Leave it out for the cluster's default.");
        if (inSandbox)
        {
            Add(nameof(draft.Replicas), draft.Replicas is -1 or 1 ? null : "Not offered here: the sandbox is one broker and keeps one replica.");
            Add(nameof(draft.RetentionHours), draft.RetentionHours is null ? null : "Not offered here: the sandbox keeps the newest 5 MiB of each partition, whatever their age.");
            Add(nameof(draft.Cleanup), draft.Cleanup is null ? null : "Not offered here: the sandbox forgets the oldest records and never compacts.");
        }

        return errors;

        void Add(string field, string? text)
        {
            if (text is not null)
            {
                errors.Add(new FieldError(field, text));
            }
        }
    }
}
