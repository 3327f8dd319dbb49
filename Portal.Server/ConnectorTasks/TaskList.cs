using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks;

/// <summary>A task that was selected for an action on many.</summary>
internal sealed record SelectedTask(string Id, string Name, AskedState Asked, bool IsDeleting, ConnectorTaskDraft Settings, ConnectorTaskStatus Status);

/// <summary>
/// Reads the task list. Search and filters run in the database; what is observed is in memory, so status, counts and order are
/// computed over a light projection, and only the rows of the page are read whole.
/// </summary>
internal sealed class TaskList(IDbContextFactory<PortalDb> databases, LiveFeed feed, TaskRoster roster, TimeProvider time)
{
    private static readonly int[] Sizes = [20, 50, 100];

    private sealed record Line(string Id, string Name, string Connection, string Instance, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
    {
        public ConnectorTaskLive Live { get; init; } = null!;
    }

    public async Task<ListPage<ConnectorTaskView>> ReadAsync(ListQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lines = await LinesAsync(db, query, cancellationToken);
        var counts = lines.GroupBy(line => line.Live.Status).ToDictionary(group => group.Key.ToString(), group => group.Count());
        lines = WithStatus(lines, query);
        var size = Sizes.Contains(query.Size) ? query.Size : Sizes[0];
        var page = Sorted(lines, query.Sort).Skip((Math.Max(query.Page, 1) - 1) * size).Take(size).Select(line => line.Id).ToList();
        var rows = await WithNames(db.ConnectorTasks.Where(task => page.Contains(task.Id))).ToDictionaryAsync(task => task.Id, cancellationToken);
        // A task deleted between the two reads is left out.
        return new ListPage<ConnectorTaskView>([.. page.Where(rows.ContainsKey).Select(id => View(rows[id]))], lines.Count, counts);
    }

    /// <summary>All rows of a list, in its order, whatever the page.</summary>
    public async Task<IReadOnlyList<ConnectorTaskView>> AllAsync(ListQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var lines = await LinesAsync(db, query, cancellationToken);
        var rows = await WithNames(Matching(db, query)).ToDictionaryAsync(task => task.Id, cancellationToken);
        return [.. Sorted(WithStatus(lines, query), query.Sort).Where(line => rows.ContainsKey(line.Id)).Select(line => View(rows[line.Id]))];
    }

    /// <summary>All tasks of a selection, without page or order.</summary>
    public async Task<IReadOnlyList<SelectedTask>> SelectAsync(BulkSelection selection, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await (selection.Query is { } query ? Matching(db, query) : db.ConnectorTasks.AsNoTracking().Where(task => selection.Ids!.Contains(task.Id)))
            .Select(task => new { task.Id, task.Name, task.Asked, task.Settings, IsDeleting = task.DeletingSince != null })
            .ToListAsync(cancellationToken);
        var wanted = Wanted(selection.Query ?? new ListQuery());
        return [.. rows
            .Select(row => new SelectedTask(row.Id, row.Name, row.Asked, row.IsDeleting, row.Settings, LiveOf(row.Id).Status))
            .Where(task => wanted.Count == 0 || wanted.Contains(task.Status))];
    }

    public async Task<ConnectorTaskView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await WithNames(db.ConnectorTasks.Where(task => task.Id == id)).FirstOrDefaultAsync(cancellationToken) is { } row ? View(row) : null;
    }

    private static IQueryable<ConnectorTask> Matching(PortalDb db, ListQuery query)
    {
        var tasks = db.ConnectorTasks.AsNoTracking();
        if (!string.IsNullOrEmpty(query.Region))
        {
            tasks = tasks.Where(task => task.Connection.MqttCluster.Region == query.Region);
        }

        if (!string.IsNullOrEmpty(query.ConnectionId))
        {
            tasks = tasks.Where(task => task.ConnectionId == query.ConnectionId);
        }

        // Every word must occur, in any order: LIKE folds the case of ASCII as uniqueness and order do.
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pattern = LikePattern.Containing(word);
            tasks = tasks.Where(task =>
                EF.Functions.Like(task.Name, pattern, LikePattern.Escape) || EF.Functions.Like(task.Id, pattern, LikePattern.Escape));
        }

        return tasks;
    }

    private static List<Line> WithStatus(List<Line> lines, ListQuery query)
    {
        var wanted = Wanted(query);
        return wanted.Count == 0 ? lines : lines.FindAll(line => wanted.Contains(line.Live.Status));
    }

    private static HashSet<ConnectorTaskStatus> Wanted(ListQuery query) =>
        [.. query.Status.Select(word => Enum.TryParse<ConnectorTaskStatus>(word, ignoreCase: true, out var status) ? status : (ConnectorTaskStatus)(-1))];

    private async Task<List<Line>> LinesAsync(PortalDb db, ListQuery query, CancellationToken cancellationToken)
    {
        var found = await Matching(db, query)
            .Select(task => new Line(task.Id, task.Name, task.Connection.Name, task.KafkaInstance.Name, task.CreatedAt, task.UpdatedAt))
            .ToListAsync(cancellationToken);
        return found.ConvertAll(line => line with { Live = LiveOf(line.Id) });
    }

    private static IQueryable<ConnectorTask> WithNames(IQueryable<ConnectorTask> tasks) =>
        tasks.AsNoTracking().Include(task => task.Connection.MqttCluster).Include(task => task.KafkaInstance);

    private static IEnumerable<Line> Sorted(List<Line> lines, string? sort)
    {
        var down = sort?.StartsWith('-') == true;
        return sort?.TrimStart('-').ToLowerInvariant() switch
        {
            "name" => By(line => line.Name, StringComparer.OrdinalIgnoreCase),
            "id" => By(line => line.Id, StringComparer.Ordinal),
            "source" => By(line => line.Connection, StringComparer.OrdinalIgnoreCase),
            "target" => By(line => line.Instance, StringComparer.OrdinalIgnoreCase),
            "in" => By(line => line.Live.InPerSecond),
            "out" => By(line => line.Live.OutPerSecond),
            "open" => By(line => line.Live.Books.Open),
            "backlog" => By(line => line.Live.Backlog ?? -1),
            "dead" => By(line => line.Live.Books.DeadLettered),
            "clients" => By(line => line.Live.ClientsOnline),
            "created" => By(line => line.CreatedAt),
            "updated" => By(line => line.UpdatedAt),
            "status" => By(line => line.Live.Status),
            _ => lines.OrderBy(line => line.Live.Status).ThenByDescending(line => line.UpdatedAt).ThenBy(line => line.Id, StringComparer.Ordinal),
        };

        IEnumerable<Line> By<TKey>(Func<Line, TKey> key, IComparer<TKey>? comparer = null) =>
            (down ? lines.OrderByDescending(key, comparer) : lines.OrderBy(key, comparer)).ThenBy(line => line.Id, StringComparer.Ordinal);
    }

    private ConnectorTaskView View(ConnectorTask row) => new()
    {
        Id = row.Id,
        Revision = row.Revision,
        Settings = row.Settings,
        Asked = row.Asked,
        ConnectionName = row.Connection.Name,
        KafkaInstanceName = row.KafkaInstance.Name,
        Region = row.Connection.MqttCluster.Region,
        GroupName = PipelineSpecCompiler.GroupName(row.Id),
        DeadLetterTopic = PipelineSpecCompiler.DeadLetterTopic(row.Settings),
        CreatedAt = row.CreatedAt,
        CreatedBy = row.CreatedBy,
        UpdatedAt = row.UpdatedAt,
        Live = LiveOf(row.Id),
    };

    // Between the save of a new task and its entry in the roster there is nothing observed yet.
    private ConnectorTaskLive LiveOf(string id) => feed.Tasks.Find(id)
        ?? (roster.Find(id) is { } entry
            ? TaskTranslation.Of(entry, null, time.GetUtcNow())
            : new ConnectorTaskLive { Id = id, Status = ConnectorTaskStatus.Starting, ObservedAt = time.GetUtcNow() });
}
