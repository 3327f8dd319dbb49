using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Clients in memory; a list is all of them, or those of its task and its words.</summary>
internal sealed class FakeClientService : IClientService
{
    public List<ClientLine> Clients { get; } = [];

    /// <summary>Each query, oldest first.</summary>
    public List<ListQuery> Queries { get; } = [];

    /// <summary>While set, the list waits for it, or fails with it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async Task<ListPage<ClientLine>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        Queries.Add(query);
        await Gate.WaitAsync(cancellationToken);
        var found = Clients.Where(line => (query.TaskId is null || line.TaskId == query.TaskId)
            && (query.Search is null || line.Client.ClientId.Contains(query.Search, StringComparison.OrdinalIgnoreCase))).ToList();
        return new([.. found], found.Count, found.GroupBy(line => line.Client.Status.ToString()).ToDictionary(group => group.Key, group => group.Count()));
    }
}
