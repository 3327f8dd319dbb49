using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Connections;

/// <summary>
/// Reads connections for the list. Status is worked out and not stored, so filter, counters and order are applied in memory, to the little of
/// each row that they need; only the rows of the page are read whole.
/// </summary>
internal sealed class ConnectionQueries(TaskReports reports)
{
    private static readonly Dictionary<string, Func<Line, IComparable?>> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = line => line.Name.ToUpperInvariant(),
        ["status"] = line => line.Status,
        ["cluster"] = line => line.Cluster.ToUpperInvariant(),
        ["region"] = line => line.Region,
        ["tasks"] = line => line.Tasks,
        ["created"] = line => line.CreatedAt,
        ["updated"] = line => line.UpdatedAt,
        ["checked"] = line => line.CheckedAt,
    };

    private sealed record Line(
        string Id, string Name, string Cluster, string Region, ConnectionStatus Status, int Tasks, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? CheckedAt);

    /// <summary>How a connection stands.</summary>
    public sealed record Standing(string Id, string ClusterId, ConnectionStatus Status, string? Cause, DateTimeOffset? CheckedAt, DateTimeOffset? AddressChangedAt);

    public async Task<ListPage<ConnectionView>> ListAsync(PortalDb db, ListQuery query, CancellationToken cancellationToken)
    {
        var look = await reports.ReadAsync(db, cancellationToken);
        var found = await SearchedAsync(db, look, query, cancellationToken);
        var counts = found.GroupBy(line => line.Status).ToDictionary(group => group.Key.ToString(), group => group.Count());
        var shown = WithStatus(found, query);
        var size = query.Size is 50 or 100 ? query.Size : 20;
        var page = Order(shown, query.Sort).Skip((Math.Max(query.Page, 1) - 1) * size).Take(size);
        return new ListPage<ConnectionView>(await ViewsAsync(db, look, page, cancellationToken), shown.Count, counts);
    }

    /// <summary>All that match, whatever the page.</summary>
    public async Task<List<ConnectionView>> MatchingAsync(PortalDb db, ListQuery query, CancellationToken cancellationToken)
    {
        var look = await reports.ReadAsync(db, cancellationToken);
        return await ViewsAsync(db, look, Order(WithStatus(await SearchedAsync(db, look, query, cancellationToken), query), query.Sort), cancellationToken);
    }

    /// <summary>How all connections stand.</summary>
    public async Task<List<Standing>> StandingsAsync(PortalDb db, CancellationToken cancellationToken)
    {
        var look = await reports.ReadAsync(db, cancellationToken);
        var rows = await db.Connections.AsNoTracking().Select(row => new
        {
            row.Id,
            row.MqttClusterId,
            row.CheckCause,
            row.CheckedAt,
            row.MqttCluster.AddressChangedAt,
            row.OperationId,
            Change = db.Operations.Where(operation => operation.Id == row.OperationId)
                .Select(operation => (OperationState?)operation.State)
                .FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row =>
        {
            var (status, cause) = look.At(row.Id, row.CheckCause, ConnectionStatuses.IsOutdated(row.CheckedAt, row.AddressChangedAt), row.OperationId, row.Change);
            return new Standing(row.Id, row.MqttClusterId, status, cause, row.CheckedAt, row.AddressChangedAt);
        });
    }

    public async Task<List<ConnectionView>> ViewsAsync(PortalDb db, IQueryable<Connection> rows, CancellationToken cancellationToken) =>
        await ViewsAsync(db, await reports.ReadAsync(db, cancellationToken), rows, cancellationToken);

    private static async Task<List<ConnectionView>> ViewsAsync(PortalDb db, TaskReports.Look look, IQueryable<Connection> rows, CancellationToken cancellationToken)
    {
        var found = await rows.AsNoTracking()
            .Select(row => new
            {
                Row = row,
                row.MqttCluster,
                Tasks = db.ConnectorTasks.Count(task => task.ConnectionId == row.Id),
                Change = db.Operations.Where(operation => operation.Id == row.OperationId)
                    .Select(operation => (OperationState?)operation.State)
                    .FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. found.Select(item => View(item.Row, item.MqttCluster, item.Tasks, look, item.Change))];
    }

    // In the order of the lines. A connection deleted since they were read is left out.
    private static async Task<List<ConnectionView>> ViewsAsync(PortalDb db, TaskReports.Look look, IEnumerable<Line> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(line => line.Id).ToList();
        var views = (await ViewsAsync(db, look, db.Connections.Where(row => ids.Contains(row.Id)), cancellationToken)).ToDictionary(view => view.Id);
        return [.. ids.Where(views.ContainsKey).Select(id => views[id])];
    }

    private static async Task<List<Line>> SearchedAsync(PortalDb db, TaskReports.Look look, ListQuery query, CancellationToken cancellationToken)
    {
        var rows = await db.Connections.AsNoTracking()
            .Where(row => query.Region == null || row.MqttCluster.Region == query.Region)
            .Where(row => query.MqttClusterId == null || row.MqttClusterId == query.MqttClusterId)
            .Select(row => new
            {
                row.Id,
                row.Name,
                Cluster = row.MqttCluster.Name,
                row.MqttCluster.Region,
                row.CheckCause,
                row.OperationId,
                Change = db.Operations.Where(operation => operation.Id == row.OperationId)
                    .Select(operation => (OperationState?)operation.State)
                    .FirstOrDefault(),
                row.CreatedAt,
                row.UpdatedAt,
                row.CheckedAt,
                row.MqttCluster.AddressChangedAt,
            }).ToListAsync(cancellationToken);
        var words = (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var tasks = SortsBy(query.Sort, "tasks") ? await TasksAsync(db, cancellationToken) : [];
        return
        [
            .. rows.Where(row => words.All(word => Matches(row.Name, row.Id, word))).Select(row => new Line(
                row.Id,
                row.Name,
                row.Cluster,
                row.Region,
                look.At(row.Id, row.CheckCause, ConnectionStatuses.IsOutdated(row.CheckedAt, row.AddressChangedAt), row.OperationId, row.Change).Status,
                tasks.GetValueOrDefault(row.Id),
                row.CreatedAt,
                row.UpdatedAt,
                row.CheckedAt)),
        ];
    }

    private static Task<Dictionary<string, int>> TasksAsync(PortalDb db, CancellationToken cancellationToken) => db.ConnectorTasks
        .GroupBy(task => task.ConnectionId)
        .Select(tasks => new { tasks.Key, Count = tasks.Count() })
        .ToDictionaryAsync(tasks => tasks.Key, tasks => tasks.Count, cancellationToken);

    private static List<Line> WithStatus(List<Line> lines, ListQuery query) => query.Status.Count == 0
        ? lines
        : lines.FindAll(line => query.Status.Contains(line.Status.ToString(), StringComparer.OrdinalIgnoreCase));

    private static bool Matches(string name, string id, string word) =>
        name.Contains(word, StringComparison.OrdinalIgnoreCase) || id.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static bool SortsBy(string? sort, string column) => column.Equals(sort?.TrimStart('-'), StringComparison.OrdinalIgnoreCase);

    // The id settles equal values: a row must not be on two pages, or on none.
    private static IEnumerable<Line> Order(List<Line> lines, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        if (sort is null || !Columns.TryGetValue(sort.TrimStart('-'), out var column))
        {
            // By attention: statuses are declared in that order.
            return lines.OrderBy(line => line.Status).ThenByDescending(line => line.UpdatedAt).ThenBy(line => line.Id, StringComparer.Ordinal);
        }

        return (descending ? lines.OrderByDescending(column) : lines.OrderBy(column)).ThenBy(line => line.Id, StringComparer.Ordinal);
    }

    private static ConnectionView View(Connection row, MqttCluster cluster, int tasks, TaskReports.Look look, OperationState? change)
    {
        var outdated = ConnectionStatuses.IsOutdated(row.CheckedAt, cluster.AddressChangedAt);
        var (status, cause) = look.At(row.Id, row.CheckCause, outdated, row.OperationId, change);
        return new ConnectionView
        {
            Id = row.Id,
            Revision = row.Revision,
            Name = row.Name,
            Description = row.Description,
            Status = status,
            Cause = cause,
            NeedsYou = status == ConnectionStatus.ChangeFailed || (status == ConnectionStatus.Abnormal && row.CheckCause is not null && !outdated),
            OperationId = status is ConnectionStatus.Changing or ConnectionStatus.ChangeFailed ? row.OperationId : null,
            MqttClusterId = cluster.Id,
            MqttClusterName = cluster.Name,
            Endpoint = cluster.Endpoints[0].ToString(),
            Region = cluster.Region,
            UserName = row.UserName,
            HasPassword = row.Password is not null,
            Tasks = tasks,
            CreatedAt = row.CreatedAt,
            CreatedBy = row.CreatedBy,
            UpdatedAt = row.UpdatedAt,
            CheckedAt = row.CheckedAt,
            CheckOutdated = outdated,
            Latency = row.CheckLatency,
        };
    }
}
