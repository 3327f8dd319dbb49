using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks;

namespace Portal.Server.Live;

/// <summary>Reads the clients of all tasks from the engine's photos. Only those of the page are translated whole: a thousand tasks have thousands.</summary>
internal sealed class ClientList(IPipelineSupervisor supervisor, TaskLines tasks) : IClientService
{
    private static readonly int[] Sizes = [20, 50, 100];

    private readonly record struct Line(TaskLine Owner, TaskClientSnapshot Client);

    public async Task<ListPage<ClientLine>> ListAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var owners = (await tasks.AllAsync(cancellationToken))
            .Where(task => (query.TaskId is null || task.Id == query.TaskId)
                && (query.ConnectionId is null || task.ConnectionId == query.ConnectionId)
                && (query.Region is null || task.Region == query.Region))
            .ToDictionary(owner => owner.Id);
        var words = (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var lines = new List<Line>();
        foreach (var photo in supervisor.Snapshots())
        {
            if (owners.TryGetValue(photo.Id, out var owner))
            {
                lines.AddRange(photo.Clients.Where(client => words.All(word => Matches(client, word))).Select(client => new Line(owner, client)));
            }
        }

        var counts = lines.GroupBy(line => ClientTranslation.StatusOf(line.Client)).ToDictionary(group => group.Key.ToString(), group => group.Count());
        if (query.Status.Count > 0)
        {
            lines = lines.FindAll(line => query.Status.Contains(ClientTranslation.StatusOf(line.Client).ToString(), StringComparer.OrdinalIgnoreCase));
        }

        var size = Sizes.Contains(query.Size) ? query.Size : Sizes[0];
        var page = Sorted(lines, query.Sort).Skip((Math.Max(query.Page, 1) - 1) * size).Take(size);
        return new ListPage<ClientLine>([.. page.Select(View)], lines.Count, counts);
    }

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
            "connected" => By(line => line.Client.ConnectedAt),
            "inflight" => By(line => line.Client.InFlight),
            "rate" => By(line => line.Client.ReceivedPerSecond),
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
        Region = line.Owner.Region,
        Client = ClientTranslation.Of(line.Client),
    };
}
