using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>A stored history of the test's making, the same for every task and for all.</summary>
internal sealed class FakeHistoryService(TimeProvider time) : IHistoryService
{
    public List<HistoryPoint> Points { get; } = [];

    public TimeSpan Step { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Each query as <c>what range since</c>, oldest first.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>While set, an answer waits for it, or fails with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<FigureHistory?> OfTaskAsync(string id, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken) =>
        await AnswerAsync(id, range, since, cancellationToken);

    public Task<FigureHistory> OfAllAsync(string? region, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken) =>
        AnswerAsync(region ?? "all", range, since, cancellationToken);

    private async Task<FigureHistory> AnswerAsync(string what, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        Queries.Add($"{what} {range.Code}{(since is null ? "" : " since")}");
        await Gate.WaitAsync(cancellationToken);
        var now = time.GetUtcNow();
        return new FigureHistory(Step, now - range.Length, now, [.. Points.Where(point => since is null || point.At >= since)]);
    }
}
