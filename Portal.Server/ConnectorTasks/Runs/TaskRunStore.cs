using Microsoft.EntityFrameworkCore;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Runs;

/// <summary>Keeps the books of every run in the database: those of the present one as last stored, those of ended ones for good.</summary>
internal sealed class TaskRunStore(IDbContextFactory<PortalDb> databases, TimeProvider time)
{
    /// <summary>Stores the figures of runs that go on, and adds those that are new. Runs of tasks that were deleted meanwhile are left out.</summary>
    public Task StoreAsync(IReadOnlyCollection<PipelineSnapshot> photos, CancellationToken cancellationToken) =>
        WriteAsync(photos, RunEnd.Running, cancellationToken);

    /// <summary>Stores the final figures of runs.</summary>
    public Task CloseAsync(IReadOnlyCollection<PipelineSnapshot> finals, CancellationToken cancellationToken) =>
        WriteAsync(finals, RunEnd.Stop, cancellationToken);

    /// <summary>
    /// Closes what the last process left open, with the figures that it stored last, and says so in the log of each task. What was open then
    /// is abandoned: its sessions were lost with the process, and the broker sends it again.
    /// </summary>
    /// <returns>How many.</returns>
    public async Task<int> CloseAfterCrashAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var left = await db.TaskRuns.Where(run => run.End == RunEnd.Running).ToListAsync(cancellationToken);
        foreach (var run in left)
        {
            (run.End, run.EndedAt) = (RunEnd.Crash, run.StoredAt);
            (run.Abandoned, run.Open) = (run.Abandoned + run.Open, 0);
            db.Add(TaskEvents.OfCrash(run.TaskId, time.GetUtcNow(), run.StoredAt));
        }

        await db.SaveChangesAsync(cancellationToken);
        return left.Count;
    }

    /// <summary>The sum of the ended runs of each task.</summary>
    public async Task<IReadOnlyDictionary<string, PipelineBooks>> SumsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sums = await db.TaskRuns
            .Where(run => run.End != RunEnd.Running)
            .GroupBy(run => run.TaskId)
            .Select(runs => new
            {
                runs.Key,
                Received = runs.Sum(run => run.Received),
                Delivered = runs.Sum(run => run.Delivered),
                DeadLettered = runs.Sum(run => run.DeadLettered),
                Filtered = runs.Sum(run => run.Filtered),
                Expired = runs.Sum(run => run.Expired),
                Discarded = runs.Sum(run => run.Discarded),
                Abandoned = runs.Sum(run => run.Abandoned),
                Open = runs.Sum(run => run.Open),
                Twins = runs.Sum(run => run.Twins),
            })
            .ToListAsync(cancellationToken);
        return sums.ToDictionary(
            sum => sum.Key,
            sum => new PipelineBooks(
                sum.Received, sum.Delivered, sum.DeadLettered, sum.Filtered, sum.Expired, sum.Discarded, sum.Abandoned, sum.Open, sum.Twins));
    }

    private async Task WriteAsync(IReadOnlyCollection<PipelineSnapshot> photos, RunEnd end, CancellationToken cancellationToken)
    {
        if (photos.Count == 0)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // It takes SQLite's only place for a writer at once: no task is deleted, and no run closed, between the look and the save.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var runIds = photos.Select(photo => photo.RunId).ToList();
        var taskIds = photos.Select(photo => photo.Id).Distinct().ToList();
        var rows = await db.TaskRuns.Where(run => runIds.Contains(run.RunId)).ToDictionaryAsync(run => run.RunId, cancellationToken);
        var known = await db.ConnectorTasks.Where(task => taskIds.Contains(task.Id)).Select(task => task.Id).ToListAsync(cancellationToken);
        foreach (var photo in photos.Where(photo => known.Contains(photo.Id)))
        {
            if (!rows.TryGetValue(photo.RunId, out var row))
            {
                rows[photo.RunId] = row = new TaskRun { TaskId = photo.Id, RunId = photo.RunId, StartedAt = photo.StartedAt };
                db.TaskRuns.Add(row);
            }

            // The final figures may have been stored while this photo was on its way.
            if (row.End == RunEnd.Running)
            {
                Write(row, end == RunEnd.Running ? photo.Books : photo.Books.Closed());
                row.End = end;
                row.StoredAt = time.GetUtcNow();
                row.EndedAt = end == RunEnd.Running ? null : photo.TakenAt;
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static void Write(TaskRun row, in PipelineBooks books)
    {
        row.Received = books.Received;
        row.Delivered = books.Delivered;
        row.DeadLettered = books.DeadLettered;
        row.Filtered = books.Filtered;
        row.Expired = books.Expired;
        row.Discarded = books.Discarded;
        row.Abandoned = books.Abandoned;
        row.Open = books.Open;
        row.Twins = books.Twins;
    }
}
