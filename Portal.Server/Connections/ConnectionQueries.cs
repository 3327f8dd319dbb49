using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.Connections;

/// <summary>
/// Reads connections for the list. Status is worked out and not stored, so filter, counters and order are applied in memory; there are
/// hundreds, not millions.
/// </summary>
internal static class ConnectionQueries
{
    private static readonly Dictionary<string, Func<ConnectionView, IComparable?>> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["name"] = view => view.Name.ToUpperInvariant(),
        ["status"] = view => view.Status,
        ["cluster"] = view => view.MqttClusterName.ToUpperInvariant(),
        ["region"] = view => view.Region,
        ["tasks"] = view => view.Tasks,
        ["created"] = view => view.CreatedAt,
        ["updated"] = view => view.UpdatedAt,
        ["checked"] = view => view.CheckedAt,
    };

    public static async Task<ListPage<ConnectionView>> ListAsync(PortalDb db, ListQuery query, CancellationToken cancellationToken)
    {
        var found = await SearchedAsync(db, query, cancellationToken);
        var counts = found.GroupBy(view => view.Status.ToString()).ToDictionary(group => group.Key, group => group.Count());
        var shown = WithStatus(found, query);
        var size = query.Size is 50 or 100 ? query.Size : 20;
        return new ListPage<ConnectionView>(
            [.. Order(shown, query.Sort).Skip((Math.Max(query.Page, 1) - 1) * size).Take(size)], shown.Count, counts);
    }

    /// <summary>All that match, whatever the page.</summary>
    public static async Task<List<ConnectionView>> MatchingAsync(PortalDb db, ListQuery query, CancellationToken cancellationToken) =>
        [.. Order(WithStatus(await SearchedAsync(db, query, cancellationToken), query), query.Sort)];

    private static async Task<List<ConnectionView>> SearchedAsync(PortalDb db, ListQuery query, CancellationToken cancellationToken)
    {
        var all = await ViewsAsync(
            db, db.Connections.Where(row => query.Region == null || row.MqttCluster.Region == query.Region), cancellationToken);
        var words = (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return all.FindAll(view => words.All(word => Matches(view, word)));
    }

    private static List<ConnectionView> WithStatus(List<ConnectionView> views, ListQuery query) => query.Status.Count == 0
        ? views
        : views.FindAll(view => query.Status.Contains(view.Status.ToString(), StringComparer.OrdinalIgnoreCase));

    public static async Task<List<ConnectionView>> ViewsAsync(PortalDb db, IQueryable<Connection> rows, CancellationToken cancellationToken)
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
        return [.. found.Select(item => View(item.Row, item.MqttCluster, item.Tasks, item.Change))];
    }

    private static bool Matches(ConnectionView view, string word) =>
        view.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || view.Id.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<ConnectionView> Order(IEnumerable<ConnectionView> views, string? sort)
    {
        var descending = sort?.StartsWith('-') == true;
        if (sort is null || !Columns.TryGetValue(sort.TrimStart('-'), out var column))
        {
            return views.OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase);
        }

        // The id settles equal values: a row must not be on two pages, or on none.
        return (descending ? views.OrderByDescending(column) : views.OrderBy(column)).ThenBy(view => view.Id, StringComparer.Ordinal);
    }

    private static ConnectionView View(Connection row, MqttCluster cluster, int tasks, OperationState? change)
    {
        var (status, cause) = ConnectionStatuses.Of(row, change);
        return new ConnectionView
        {
            Id = row.Id,
            Revision = row.Revision,
            Name = row.Name,
            Description = row.Description,
            Status = status,
            Cause = cause,
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
            Latency = row.CheckLatency,
        };
    }
}
