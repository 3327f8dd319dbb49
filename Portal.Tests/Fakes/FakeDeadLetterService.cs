using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Dead letters in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeDeadLetterService : IDeadLetterService
{
    public static readonly DateTimeOffset Then = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

    public List<DeadLetterView> Letters { get; } = [];

    public List<DeadLetterSummary> Summaries { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>What every question is refused with, or null.</summary>
    public (CommandOutcome Outcome, string Text)? Refusal { get; set; }

    /// <summary>Why a letter would fail again, or null.</summary>
    public string? WouldFail { get; set; }

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    /// <summary>Each command with its filter, oldest first.</summary>
    public List<(string Command, DeadLetterFilter Filter)> Commands { get; } = [];

    /// <summary>The filter of each list, and the time of each summary, oldest first.</summary>
    public List<DeadLetterFilter> Listed { get; } = [];

    public List<TimeWindow> Summed { get; } = [];

    public List<DeadLetterFilter> DryRuns { get; } = [];

    /// <summary>What every dry run finds.</summary>
    public DeadLetterDryRun DryRun { get; set; } = new(312, 4, ["No JSON."]);

    /// <summary>How many older offsets no list has read.</summary>
    public long Unread { get; set; }

    public List<DeadLetterEdit> Edits { get; } = [];

    /// <summary>The payload of every letter.</summary>
    public byte[] Payload { get; set; } = [.. "raw"u8];

    public static DeadLetterView Letter(long offset, string code = "mapping-failed", string reason = "No JSON.", string? topic = "plant/1") => new()
    {
        Key = new DeadLetterKey(0, offset),
        At = Then.AddSeconds(offset),
        Group = $"{code}-1",
        Code = code,
        Reason = reason,
        MqttTopic = topic,
        Size = 3,
    };

    public Task<ReadResult<DeadLetterPage>> ListAsync(string taskId, DeadLetterFilter filter, int page, int size, CancellationToken cancellationToken)
    {
        Listed.Add(filter);
        var inTime = Letters.Where(letter => !(letter.At < filter.From) && !(letter.At > filter.To)).ToList();
        var matching = inTime.Where(letter => (filter.Group is null || letter.Group == filter.Group) && (filter.MqttTopic is null || letter.MqttTopic!.Contains(filter.MqttTopic))).ToList();
        return Answered(new DeadLetterPage
        {
            Items = [.. matching.Skip((page - 1) * size).Take(size)],
            Total = matching.Count,
            Groups = [.. inTime.GroupBy(letter => letter.Group).Select(group => new DeadLetterGroup(group.Key, group.First().Code, group.First().Reason, group.Count(), Then, Then))],
            Topic = "plates.dlq",
            Figures = new DeadLetterFigures(matching.Count, matching.Min(letter => (DateTimeOffset?)letter.At), matching.Count, matching.Sum(letter => (long)letter.Size)),
            Unread = Unread,
            Problems = Problems,
            ReadAt = Then,
        });
    }

    public Task<ReadResult<DeadLetterDetails>> FindAsync(string taskId, DeadLetterKey key, CancellationToken cancellationToken)
    {
        var record = new TopicRecordView { Partition = key.Partition, Offset = key.Offset, Value = Payload, ValueBytes = Payload.Length };
        return Answered(new DeadLetterDetails(Letters.Single(letter => letter.Key == key), record, WouldFail, $"kcat -C -p {key.Partition} -o {key.Offset}"));
    }

    public Task<ReadResult<DeadLetterDryRun>> DryRunAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken)
    {
        DryRuns.Add(filter);
        return Answered(DryRun);
    }

    public Task<CommandResult> RetryAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken) => Done("retry", filter);

    public Task<CommandResult> EditAndRetryAsync(string taskId, DeadLetterKey key, DeadLetterEdit edit, CancellationToken cancellationToken)
    {
        Edits.Add(edit);
        return Task.FromResult(Answer);
    }

    public Task<CommandResult> DiscardAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken) => Done("discard", filter);

    public Task<ReadResult<IReadOnlyList<DeadLetterDetails>>> ExportAsync(string taskId, DeadLetterFilter filter, CancellationToken cancellationToken) =>
        Answered<IReadOnlyList<DeadLetterDetails>>([]);

    public Task<ReadResult<IReadOnlyList<DeadLetterSummary>>> SummaryAsync(string? region, TimeWindow window, CancellationToken cancellationToken)
    {
        Summed.Add(window);
        return Answered<IReadOnlyList<DeadLetterSummary>>([.. Summaries]);
    }

    private Task<ReadResult<T>> Answered<T>(T value)
        where T : class => Task.FromResult(Refusal is { } refusal ? ReadResult.Not<T>(refusal.Outcome, refusal.Text) : ReadResult.Of(value));

    private Task<CommandResult> Done(string command, DeadLetterFilter filter)
    {
        Commands.Add((command, filter));
        return Task.FromResult(Answer);
    }
}
