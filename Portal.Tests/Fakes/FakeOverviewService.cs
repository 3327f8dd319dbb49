using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>How everything stands, as the test says.</summary>
internal sealed class FakeOverviewService : IOverviewService
{
    public OverviewView View { get; set; } = new() { Tasks = new Dictionary<ConnectorTaskStatus, int>() };

    public List<RecentChange> Changes { get; } = [];

    /// <summary>The region of each reading, oldest first; "all" for all.</summary>
    public List<string> Queries { get; } = [];

    /// <summary>While set, an answer waits for it, or fails with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<OverviewView> ReadAsync(string? region, CancellationToken cancellationToken)
    {
        Queries.Add(region ?? "all");
        await Gate.WaitAsync(cancellationToken);
        return View;
    }

    public Task<IReadOnlyList<RecentChange>> ChangesAsync(DateTimeOffset since, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RecentChange>>([.. Changes.Where(change => change.At >= since).Take(count)]);
}
