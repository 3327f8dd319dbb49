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
/// Reads the task list. Searched, filtered, counted and ordered in memory, where what is observed is anyway; only the rows of the page are
/// read from the database.
/// </summary>
internal sealed class TaskList(IDbContextFactory<PortalDb> databases, TaskLines lines, LiveFeed feed, TaskRoster roster, TimeProvider time)
{
    private static readonly int[] Sizes = [20, 50, 100];

    private readonly record struct Line(TaskLine Task, ConnectorTaskLive Live);

    public async Task<ListPage<ConnectorTaskView>> ReadAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var found = await MatchingAsync(query, cancellationToken);
        var counts = found.GroupBy(line => line.Live.Status).ToDictionary(group => group.Key.ToString(), group => group.Count());
        found = WithStatus(found, query);
        var size = Sizes.Contains(query.Size) ? query.Size : Sizes[0];
        var page = Sorted(found, query.Sort).Skip((Math.Max(query.Page, 1) - 1) * size).Take(size).Select(line => line.Task.Id).ToList();
        return new ListPage<ConnectorTaskView>(await ViewsAsync(page, cancellationToken), found.Count, counts);
    }

    /// <summary>All rows of a list, in its order, whatever the page.</summary>
    public async Task<IReadOnlyList<ConnectorTaskView>> AllAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var found = WithStatus(await MatchingAsync(query, cancellationToken), query);
        return await ViewsAsync([.. Sorted(found, query.Sort).Select(line => line.Task.Id)], cancellationToken);
    }

    /// <summary>All tasks of a selection, without page or order.</summary>
    public async Task<IReadOnlyList<SelectedTask>> SelectAsync(BulkSelection selection, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> ids = selection.Query is { } query
            ? [.. WithStatus(await MatchingAsync(query, cancellationToken), query).Select(line => line.Task.Id)]
            : selection.Ids!;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.ConnectorTasks.AsNoTracking().Where(task => ids.Contains(task.Id))
            .Select(task => new { task.Id, task.Name, task.Asked, task.Settings, IsDeleting = task.DeletingSince != null })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new SelectedTask(row.Id, row.Name, row.Asked, row.IsDeleting, row.Settings, LiveOf(row.Id).Status))];
    }

    public async Task<ConnectorTaskView?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await WithNames(db.ConnectorTasks.Where(task => task.Id == id)).FirstOrDefaultAsync(cancellationToken) is { } row
            ? View(row, await LastErrorsAsync(db, [id], cancellationToken))
            : null;
    }

    // Every word must occur, in any order.
    private static bool Matches(TaskLine task, ListQuery query, string[] words) =>
        (string.IsNullOrEmpty(query.Region) || task.Region == query.Region)
        && (string.IsNullOrEmpty(query.ConnectionId) || task.ConnectionId == query.ConnectionId)
        && (string.IsNullOrEmpty(query.KafkaInstanceId) || task.InstanceId == query.KafkaInstanceId)
        && Array.TrueForAll(words, word =>
            task.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || task.Id.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static List<Line> WithStatus(List<Line> lines, ListQuery query)
    {
        HashSet<ConnectorTaskStatus> wanted =
            [.. query.Status.Select(word => Enum.TryParse<ConnectorTaskStatus>(word, ignoreCase: true, out var status) ? status : (ConnectorTaskStatus)(-1))];
        return wanted.Count == 0 ? lines : lines.FindAll(line => wanted.Contains(line.Live.Status));
    }

    private async Task<List<Line>> MatchingAsync(ListQuery query, CancellationToken cancellationToken)
    {
        var words = (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var tasks = await lines.AllAsync(cancellationToken);
        return [.. tasks.Where(task => Matches(task, query, words)).Select(task => new Line(task, LiveOf(task.Id)))];
    }

    // In the order of the ids. A task deleted since they were found is left out.
    private async Task<List<ConnectorTaskView>> ViewsAsync(List<string> ids, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await WithNames(db.ConnectorTasks.Where(task => ids.Contains(task.Id))).ToDictionaryAsync(task => task.Id, cancellationToken);
        var errors = await LastErrorsAsync(db, ids, cancellationToken);
        return [.. ids.Where(rows.ContainsKey).Select(id => View(rows[id], errors))];
    }

    private static async Task<Dictionary<string, TaskEventRow>> LastErrorsAsync(PortalDb db, List<string> ids, CancellationToken cancellationToken)
    {
        var newest = db.TaskEvents
            .Where(line => ids.Contains(line.TaskId) && (line.Severity == EventSeverity.Warning || line.Severity == EventSeverity.Error))
            .GroupBy(line => line.TaskId)
            .Select(lines => lines.Max(line => line.Id));
        return await db.TaskEvents.AsNoTracking().Where(line => newest.Contains(line.Id)).ToDictionaryAsync(line => line.TaskId, cancellationToken);
    }

    private static IQueryable<ConnectorTask> WithNames(IQueryable<ConnectorTask> tasks) =>
        tasks.AsNoTracking().Include(task => task.Connection.MqttCluster).Include(task => task.KafkaInstance);

    private static IEnumerable<Line> Sorted(List<Line> lines, string? sort)
    {
        var down = sort?.StartsWith('-') == true;
        return sort?.TrimStart('-').ToLowerInvariant() switch
        {
            "name" => By(line => line.Task.Name, StringComparer.OrdinalIgnoreCase),
            "id" => By(line => line.Task.Id, StringComparer.Ordinal),
            "source" => By(line => line.Task.Connection, StringComparer.OrdinalIgnoreCase),
            "target" => By(line => line.Task.Instance, StringComparer.OrdinalIgnoreCase),
            "in" => By(line => line.Live.InPerSecond),
            "out" => By(line => line.Live.OutPerSecond),
            "open" => By(line => line.Live.Books.Open),
            "backlog" => By(line => line.Live.Backlog ?? -1),
            "dead" => By(line => line.Live.Books.DeadLettered),
            "clients" => By(line => line.Live.ClientsOnline),
            "created" => By(line => line.Task.CreatedAt),
            "updated" => By(line => line.Task.UpdatedAt),
            "status" => By(line => line.Live.Status),
            _ => lines.OrderBy(line => line.Live.Status).ThenByDescending(line => line.Task.UpdatedAt).ThenBy(line => line.Task.Id, StringComparer.Ordinal),
        };

        IEnumerable<Line> By<TKey>(Func<Line, TKey> key, IComparer<TKey>? comparer = null) =>
            (down ? lines.OrderByDescending(key, comparer) : lines.OrderBy(key, comparer)).ThenBy(line => line.Task.Id, StringComparer.Ordinal);
    }

    private ConnectorTaskView View(ConnectorTask row, Dictionary<string, TaskEventRow> errors) => new()
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
        LastError = errors.GetValueOrDefault(row.Id)?.ToEvent(),
        Live = LiveOf(row.Id),
    };

    // Between the save of a new task and its entry in the roster there is nothing observed yet.
    private ConnectorTaskLive LiveOf(string id) => feed.Tasks.Find(id)
        ?? (roster.Find(id) is { } entry
            ? TaskTranslation.Of(entry, null, time.GetUtcNow())
            : new ConnectorTaskLive { Id = id, Status = ConnectorTaskStatus.Starting, ObservedAt = time.GetUtcNow() });
}
