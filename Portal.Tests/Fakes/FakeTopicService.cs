using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Topics in memory. Lists what it is given, remembers what it is asked, answers what the test says.</summary>
internal sealed class FakeTopicService : ITopicService
{
    public List<TopicView> Topics { get; } = [];

    /// <summary>Why the topics cannot be listed, or null.</summary>
    public string? ListCause { get; set; }

    /// <summary>What reading answers; an empty topic of one partition when the test does not say.</summary>
    public ReadResult<TopicRecords> Records { get; set; } =
        ReadResult.Of(new TopicRecords([], [new PartitionView(0, 0, 0, null)], new DateTimeOffset(2026, 11, 22, 14, 0, 0, TimeSpan.Zero)));

    /// <summary>When set, reading waits for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>When set, reading fails with it.</summary>
    public Exception? Failure { get; set; }

    public CommandResult Answer { get; set; } = CommandResult.Accepted();

    /// <summary>Each reading, oldest first.</summary>
    public List<(string Instance, string Topic, RecordQuery Query)> Readings { get; } = [];

    public List<TopicDraft> Created { get; } = [];

    public Task<ReadResult<IReadOnlyList<TopicView>>> ListAsync(string kafkaInstanceId, CancellationToken cancellationToken) =>
        Task.FromResult(ListCause is { } cause ? ReadResult.Not<IReadOnlyList<TopicView>>(CommandOutcome.Refused, cause) : ReadResult.Of<IReadOnlyList<TopicView>>([.. Topics]));

    public async Task<ReadResult<TopicRecords>> ReadAsync(string kafkaInstanceId, string topic, RecordQuery query, CancellationToken cancellationToken)
    {
        Readings.Add((kafkaInstanceId, topic, query));
        if (Gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        return Failure is { } failure ? throw failure : Records;
    }

    public Task<ReadResult<TopicRecordView>> FindAsync(string kafkaInstanceId, string topic, int partition, long offset, CancellationToken cancellationToken) =>
        Task.FromResult(ReadResult.Not<TopicRecordView>(CommandOutcome.NotFound, "There is none."));

    public Task<CommandResult> CreateAsync(string kafkaInstanceId, TopicDraft draft, CancellationToken cancellationToken)
    {
        Created.Add(draft);
        return Task.FromResult(Answer);
    }
}
