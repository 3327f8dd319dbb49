using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks;

namespace Portal.Server.Live;

/// <summary>Reads the clients of all tasks from the engine's photos. Only those of the page are translated whole: a thousand tasks have thousands.</summary>
internal sealed class ClientList(IPipelineSupervisor supervisor, TaskLines tasks, TimeProvider time) : IClientService
{
    private static readonly int[] Sizes = [20, 50, 100];

    private readonly record struct Line(TaskLine Owner, TaskClientSnapshot Client);

    public async Task<ListPage<ClientLine>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var lines = await FindAsync(query, cancellationToken);
        var counts = lines.GroupBy(line => ClientTranslation.StatusOf(line.Client)).ToDictionary(group => group.Key.ToString(), group => group.Count());
        lines = WithStatus(lines, query);
        var size = Sizes.Contains(query.Size) ? query.Size : Sizes[0];
        var page = Sorted(lines, query.Sort).Skip((Math.Max(query.Page, 1) - 1) * size).Take(size);
        return new ListPage<ClientLine>([.. page.Select(View)], lines.Count, counts);
    }

    /// <summary>All that match, in the order of the query.</summary>
    public async Task<IReadOnlyList<ClientLine>> AllAsync(ListQuery query, CancellationToken cancellationToken) =>
        [.. Sorted(WithStatus(await FindAsync(query, cancellationToken), query), query.Sort).Select(View)];

    /// <summary>Those of a selection that are there now, whose ids are client ids.</summary>
    public async Task<IReadOnlyList<ClientLine>> SelectAsync(BulkSelection selection, CancellationToken cancellationToken)
    {
        if (selection.Query is { } query)
        {
            return await AllAsync(query, cancellationToken);
        }

        var ids = selection.Ids!.ToHashSet(StringComparer.Ordinal);
        return [.. (await FindAsync(new ListQuery(), cancellationToken)).Where(line => ids.Contains(line.Client.ClientId)).Select(View)];
    }

    private async Task<List<Line>> FindAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var owners = (await tasks.AllAsync(cancellationToken))
            .Where(task => (query.TaskId is null || task.Id == query.TaskId)
                && (query.ConnectionId is null || task.ConnectionId == query.ConnectionId)
                && (query.UserName is null || task.UserName == query.UserName)
                && (query.Region is null || task.Region == query.Region))
            .ToDictionary(owner => owner.Id);
        var words = (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (from, to) = new TimeWindow(HistoryRange.Find(query.Age), query.From, query.To).At(time.GetUtcNow());
        var lines = new List<Line>();
        // Those of one task are looked at every second on its page: a photo of each of ten thousand would be nine thousand too many.
        var photos = query.TaskId is { } taskId ? new[] { supervisor.Find(taskId) }.OfType<PipelineSnapshot>() : supervisor.Snapshots();
        foreach (var photo in photos)
        {
            if (owners.TryGetValue(photo.Id, out var owner))
            {
                lines.AddRange(photo.Clients
                    .Where(client => (query.ClientId is null || client.ClientId == query.ClientId)
                        && (query.Address is null || client.LocalAddress?.StartsWith(query.Address, StringComparison.OrdinalIgnoreCase) == true)
                        && IsInTime(client)
                        && words.All(word => Matches(client, word)))
                    .Select(client => new Line(owner, client)));
            }
        }

        return lines;

        // One that is not connected began at no time.
        bool IsInTime(TaskClientSnapshot client) => (from is null && to is null) || (SessionSince(client) is { } since && !(since < from) && !(since > to));
    }

    private static List<Line> WithStatus(List<Line> lines, ListQuery query) => query.Status.Count == 0
        ? lines
        : lines.FindAll(line => query.Status.Contains(ClientTranslation.StatusOf(line.Client).ToString(), StringComparer.OrdinalIgnoreCase));

    private static DateTimeOffset? SessionSince(TaskClientSnapshot client) =>
        client.Status is TaskClientStatus.Online or TaskClientStatus.Draining ? client.ConnectedAt : null;

    private static bool Matches(TaskClientSnapshot client, string word) =>
        client.ClientId.Contains(word, StringComparison.OrdinalIgnoreCase)
        || client.LocalAddress?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
        || client.Endpoint?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static IEnumerable<Line> Sorted(List<Line> lines, string? sort)
    {
        var down = sort?.StartsWith('-') == true;
        return sort?.TrimStart('-') switch
        {
            "client" => By(line => line.Client.ClientId),
            "task" => By(line => line.Owner.Name.ToUpperInvariant()),
            "user" => By(line => line.Owner.UserName),
            "host" => By(line => line.Client.LocalAddress),
            "connected" => By(line => line.Client.ConnectedAt),
            "inflight" => By(line => line.Client.InFlight),
            "rate" => By(line => line.Client.ReceivedPerSecond),
            "out" => By(line => line.Client.ConfirmedPerSecond),
            "reconnects" => By(line => line.Client.Reconnects),
            _ => By(line => Attention(line.Client)),
        };

        // The ids settle equal values: a row must not be on two pages, or on none.
        IEnumerable<Line> By<TKey>(Func<Line, TKey> key) =>
            (down ? lines.OrderByDescending(key) : lines.OrderBy(key)).ThenBy(line => line.Owner.Id, StringComparer.Ordinal).ThenBy(line => line.Client.ClientId, StringComparer.Ordinal);
    }

    private static int Attention(TaskClientSnapshot client) => ClientTranslation.StatusOf(client) switch
    {
        LiveClientStatus.Waiting => 0,
        LiveClientStatus.Connecting => 1,
        LiveClientStatus.Draining => 2,
        LiveClientStatus.Closed => 3,
        _ => 4,
    };

    private static ClientLine View(Line line) => new()
    {
        TaskId = line.Owner.Id,
        TaskName = line.Owner.Name,
        ConnectionId = line.Owner.ConnectionId,
        ConnectionName = line.Owner.Connection,
        UserName = line.Owner.UserName,
        Region = line.Owner.Region,
        Client = ClientTranslation.Of(line.Client),
    };
}
