using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.History;

namespace Portal.Server.ConnectorTasks.Events;

/// <summary>The lines of what happened to tasks: written in batches, the newest of each task kept.</summary>
internal sealed class TaskEventLog(IDbContextFactory<PortalDb> databases, IOptions<RetentionOptions> kept) : ITaskEventService
{
    private const int MostAtOnce = 1_000;

    // Each insert would otherwise look for what to prune.
    private const int PruneEvery = 200;

    private readonly ConcurrentDictionary<string, int> _sincePrune = new();

    /// <summary>Lines of tasks that were deleted meanwhile are left out.</summary>
    public async Task AppendAsync(IReadOnlyCollection<TaskEventRow> lines, CancellationToken cancellationToken)
    {
        if (lines.Count == 0)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = lines.Select(line => line.TaskId).Distinct().ToList();
        // It takes SQLite's only place for a writer at once: no task is deleted between the look and the save.
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            var known = await db.ConnectorTasks.Where(task => ids.Contains(task.Id)).Select(task => task.Id).ToListAsync(cancellationToken);
            db.TaskEvents.AddRange(lines.Where(line => known.Contains(line.TaskId)));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var ofTask in lines.GroupBy(line => line.TaskId))
        {
            if (_sincePrune.AddOrUpdate(ofTask.Key, _ => ofTask.Count(), (_, count) => count + ofTask.Count()) >= PruneEvery)
            {
                _sincePrune.TryRemove(ofTask.Key, out _);
                await PruneAsync(db, ofTask.Key, cancellationToken);
            }
        }
    }

    public async Task<IReadOnlyList<TaskEvent>> ReadAsync(string taskId, long? before, int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.TaskEvents.AsNoTracking()
            .Where(line => line.TaskId == taskId && (before == null || line.Id < before))
            .OrderByDescending(line => line.Id)
            .Take(Math.Clamp(count, 1, MostAtOnce))
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(line => line.ToEvent());
    }

    public async Task<IReadOnlyList<TaskEvent>> FindAsync(string taskId, TaskEventQuery query, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await Matching(db.TaskEvents.AsNoTracking().Where(line => line.TaskId == taskId), query)
            .OrderByDescending(line => line.Id)
            .Take(Math.Clamp(query.Count, 1, MostAtOnce))
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(line => line.ToEvent());
    }

    private static IQueryable<TaskEventRow> Matching(IQueryable<TaskEventRow> lines, TaskEventQuery query)
    {
        if (query.Kinds.Count > 0)
        {
            lines = lines.Where(line => query.Kinds.Contains(line.Kind));
        }

        if (query.Least != EventSeverity.Info)
        {
            // Stored by name, which has no order.
            var severities = Enum.GetValues<EventSeverity>().Where(severity => severity >= query.Least).ToList();
            lines = lines.Where(line => severities.Contains(line.Severity));
        }

        if (!string.IsNullOrWhiteSpace(query.Actor))
        {
            var actor = LikePattern.Containing(query.Actor.Trim());
            lines = lines.Where(line => line.Actor != null && EF.Functions.Like(line.Actor, actor, LikePattern.Escape));
        }

        foreach (var word in (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var pattern = LikePattern.Containing(word);
            lines = lines.Where(line => EF.Functions.Like(line.Text, pattern, LikePattern.Escape));
        }

        return lines.Where(line =>
            (query.From == null || line.At >= query.From) && (query.To == null || line.At < query.To)
            && (query.Before == null || line.Id < query.Before) && (query.After == null || line.Id > query.After));
    }

    private async Task PruneAsync(PortalDb db, string taskId, CancellationToken cancellationToken)
    {
        var oldestKept = await db.TaskEvents.Where(line => line.TaskId == taskId)
            .OrderByDescending(line => line.Id).Skip(kept.Value.EventsPerTask - 1).Select(line => (long?)line.Id).FirstOrDefaultAsync(cancellationToken);
        await db.TaskEvents.Where(line => line.TaskId == taskId && line.Id < oldestKept).ExecuteDeleteAsync(cancellationToken);
    }
}
