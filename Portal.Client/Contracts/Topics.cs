namespace Portal.Client.Contracts;

/// <summary>What a task uses a topic for.</summary>
public enum TopicUse
{
    /// <summary>Its records go there.</summary>
    Target,

    /// <summary>Its dead letters go there.</summary>
    DeadLetters,
}

/// <summary>A task that uses a topic.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="TaskName">Its name.</param>
/// <param name="Use">What for.</param>
public sealed record TopicUser(string TaskId, string TaskName, TopicUse Use);

/// <summary>A topic of a Kafka instance.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="Replicas">How many replicas its first partition has.</param>
/// <param name="UsedBy">The tasks that name it. A task with a template names none, since only its messages do.</param>
public sealed record TopicView(string Name, int Partitions, int Replicas, IReadOnlyList<TopicUser> UsedBy);

/// <summary>What a person fills in to create a topic.</summary>
public sealed record TopicDraft
{
    /// <summary>1 to 249 letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>1 to 1 000.</summary>
    public int Partitions { get; init; } = 6;

    /// <summary>1 or more, or -1 for the cluster's default.</summary>
    public int Replicas { get; init; } = -1;

    /// <summary>Hours, 1 to 876 000; null leaves the cluster's default.</summary>
    public int? RetentionHours { get; init; }

    /// <summary><c>delete</c>, <c>compact</c>, <c>compact,delete</c>, or null for the cluster's default.</summary>
    public string? Cleanup { get; init; }
}

/// <summary>
/// The topics of Kafka instances and what is in them, read with the credentials of the instance. Authorisation is inside: records are read
/// by those who have a role, and each reading is audited; a topic is created by an Administrator.
/// </summary>
public interface ITopicService
{
    /// <summary>The topics of an instance by name, without Kafka's internal ones. Waits at most 5 s for Kafka.</summary>
    Task<ReadResult<IReadOnlyList<TopicView>>> ListAsync(string kafkaInstanceId, CancellationToken cancellationToken);

    /// <summary>
    /// The newest records of a topic. No consumer group is joined and nothing committed. Waits at most 10 s; a partition that does not answer
    /// is named in the result.
    /// </summary>
    Task<ReadResult<TopicRecords>> ReadAsync(string kafkaInstanceId, string topic, RecordQuery query, CancellationToken cancellationToken);

    /// <summary>One record with its whole value, whatever its length.</summary>
    Task<ReadResult<TopicRecordView>> FindAsync(string kafkaInstanceId, string topic, int partition, long offset, CancellationToken cancellationToken);

    /// <summary>Creates a topic; one that exists is refused. A refusal of Kafka is told in words.</summary>
    Task<CommandResult> CreateAsync(string kafkaInstanceId, TopicDraft draft, CancellationToken cancellationToken);
}
