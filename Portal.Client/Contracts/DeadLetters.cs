namespace Portal.Client.Contracts;

/// <summary>Names one dead letter of a task.</summary>
/// <param name="Partition">Of the dead-letter topic.</param>
/// <param name="Offset">There.</param>
public readonly record struct DeadLetterKey(int Partition, long Offset);

/// <summary>A dead letter that waits for somebody to decide.</summary>
public sealed record DeadLetterView
{
    /// <summary>Where it is.</summary>
    public required DeadLetterKey Key { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The group that it belongs to: see <see cref="DeadLetterGroup.Id"/>.</summary>
    public required string Group { get; init; }

    /// <summary>Why, as a code, for example <c>mapping-failed</c>; empty for letters from before there were codes.</summary>
    public required string Code { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The MQTT topic, or null when the letter does not say.</summary>
    public string? MqttTopic { get; init; }

    /// <summary>The Kafka topic that it was meant for, or null.</summary>
    public string? Target { get; init; }

    /// <summary>The client that published it, where the headers say so.</summary>
    public string? Client { get; init; }

    /// <summary>Its record key, or null.</summary>
    public byte[]? RecordKey { get; init; }

    /// <summary>Bytes of its value, before it was cut.</summary>
    public int Size { get; init; }

    /// <summary>How often it was tried for its target.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether the value was stored cut; it cannot be sent again.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Dead letters of one reason.</summary>
/// <param name="Id">Names the reason in addresses; stable as long as its words are, numbers in them aside.</param>
/// <param name="Code">The code.</param>
/// <param name="Reason">The words of the newest one.</param>
/// <param name="Count">How many.</param>
/// <param name="First">When the first was given up.</param>
/// <param name="Last">When the last was.</param>
public sealed record DeadLetterGroup(string Id, string Code, string Reason, int Count, DateTimeOffset First, DateTimeOffset Last)
{
    /// <summary>Bytes of their values, before any was cut.</summary>
    public long Bytes { get; init; }

    /// <summary>How many of them were given up in the hour before the reading.</summary>
    public int LastHour { get; init; }

    /// <summary>How many of them in each of 24 equal parts of the time that was asked for, oldest first; of the last 24 hours where no beginning was asked for.</summary>
    public IReadOnlyList<int> Bars { get; init; } = [];
}

/// <summary>Dead letters in figures.</summary>
/// <param name="Count">How many.</param>
/// <param name="Oldest">When the first was given up, or null when there is none.</param>
/// <param name="LastHour">How many of them were given up in the hour before the reading.</param>
/// <param name="Bytes">Bytes of their values, before any was cut.</param>
public sealed record DeadLetterFigures(int Count, DateTimeOffset? Oldest, int LastHour, long Bytes)
{
    /// <summary>Those of all these groups.</summary>
    public static DeadLetterFigures Of(IReadOnlyCollection<DeadLetterGroup> groups) => new(
        groups.Sum(group => group.Count),
        groups.Min(group => (DateTimeOffset?)group.First),
        groups.Sum(group => group.LastHour),
        groups.Sum(group => group.Bytes));
}

/// <summary>Which dead letters of a task. Defaults mean all.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Only of this reason.</summary>
    public string? Group { get; init; }

    /// <summary>Only those whose MQTT topic contains this.</summary>
    public string? MqttTopic { get; init; }

    /// <summary>Only those given up then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only those given up then or earlier.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only these, whatever the rest says; null for all that match.</summary>
    public IReadOnlyList<DeadLetterKey>? Only { get; init; }
}

/// <summary>A page of a task's dead letters.</summary>
public sealed record DeadLetterPage
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<DeadLetterView> Items { get; init; }

    /// <summary>How many match the filter.</summary>
    public required int Total { get; init; }

    /// <summary>Those that match the filter, in figures.</summary>
    public required DeadLetterFigures Figures { get; init; }

    /// <summary>All reasons of the filter's time, whatever else it says, the most frequent first.</summary>
    public required IReadOnlyList<DeadLetterGroup> Groups { get; init; }

    /// <summary>The dead-letter topic.</summary>
    public required string Topic { get; init; }

    /// <summary>How many older offsets of the topic were not read, so that nothing here counts what they hold.</summary>
    public long Unread { get; init; }

    /// <summary>What could not be read, in words; empty when everything was.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>When it was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }
}

/// <summary>One dead letter with everything.</summary>
/// <param name="Letter">The letter.</param>
/// <param name="Record">Its record, envelope included, with its whole value.</param>
/// <param name="WouldFail">Why it would fail with the task's settings of now, or null when it would be mapped.</param>
/// <param name="Kcat">The command that prints it; without secrets.</param>
public sealed record DeadLetterDetails(DeadLetterView Letter, TopicRecordView Record, string? WouldFail, string Kcat);

/// <summary>What a replay would do now.</summary>
/// <param name="Pass">How many would be mapped.</param>
/// <param name="Fail">How many would fail again.</param>
/// <param name="Reasons">Why, the most frequent first, at most ten.</param>
public sealed record DeadLetterDryRun(int Pass, int Fail, IReadOnlyList<string> Reasons);

/// <summary>What a person changed of a message before it is sent again.</summary>
public sealed record DeadLetterEdit
{
    /// <summary>The MQTT topic.</summary>
    public string MqttTopic { get; init; } = "";

    /// <summary>The payload.</summary>
    public byte[] Payload { get; init; } = [];
}

/// <summary>The dead letters of one task, in short.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="TaskName">Its name.</param>
/// <param name="Topic">Its dead-letter topic.</param>
/// <param name="Groups">By reason, the most frequent first.</param>
/// <param name="Problem">What could not be read, in words, or null.</param>
/// <param name="Unread">How many older offsets of the topic were not read, so that nothing here counts what they hold.</param>
public sealed record DeadLetterSummary(
    string TaskId, string TaskName, string Topic, IReadOnlyList<DeadLetterGroup> Groups, string? Problem, long Unread = 0);

/// <summary>
/// Dead letters: looked at by those who have a role, sent again, discarded and exported by an Administrator; all of it audited. What was sent
/// again or discarded stays in its topic, which has its own retention, and is remembered here.
/// </summary>
public interface IDeadLetterService
{
    /// <summary>The dead letters that wait, of the newest 10 000 of each partition. Page 1 is the newest.</summary>
    Task<ReadResult<DeadLetterPage>> ListAsync(string taskId, DeadLetterFilter filter, int page, int size, CancellationToken cancellationToken);

    /// <summary>One of them, with everything and a check whether it would pass now.</summary>
    Task<ReadResult<DeadLetterDetails>> FindAsync(string taskId, DeadLetterKey key, CancellationToken cancellationToken);

    /// <summary>What sending them again would do with the task's settings of now; sends nothing.</summary>
    Task<ReadResult<DeadLetterDryRun>> DryRunAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>
    /// Sends them again through the task's mapping of now. One at once; several by an operation. Only what Kafka confirmed counts as sent;
    /// what is interrupted begins again, and may then be in Kafka twice.
    /// </summary>
    Task<CommandResult> RetryAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>Sends one again with another payload or topic. Audited with the sizes and hashes of both payloads.</summary>
    Task<CommandResult> EditAndRetryAsync(string taskId, DeadLetterKey key, DeadLetterEdit edit, CancellationToken cancellationToken);

    /// <summary>Takes them off the list for good; they stay in their topic until its retention removes them.</summary>
    Task<CommandResult> DiscardAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>Those that match with everything, newest first, at most 10 000 or 64 MiB.</summary>
    Task<ReadResult<IReadOnlyList<DeadLetterDetails>>> ExportAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>
    /// All tasks that have dead letters waiting which were given up in this time, of the newest 10 000 of each partition; or whose dead letters
    /// could not be read.
    /// </summary>
    Task<ReadResult<IReadOnlyList<DeadLetterSummary>>> SummaryAsync(string? region, TimeWindow window, CancellationToken cancellationToken);
}
