using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.History;

/// <summary>Forgets every hour what is older, or more, than it is kept: events, ended runs, revisions, checks, operations and the audit.</summary>
internal sealed partial class PruneTables(
    IDbContextFactory<PortalDb> databases, IOptions<RetentionOptions> kept, TimeProvider time, ILogger<PruneTables> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>One round.</summary>
    internal async Task PruneAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await PruneEventsAsync(db, now - kept.Value.Events, cancellationToken);
        await FoldRunsAsync(db, kept.Value.RunsPerTask, cancellationToken);
        await PruneRevisionsAsync(db, kept.Value.RevisionsPerObject, cancellationToken);
        await PruneChecksAsync(db, kept.Value.ChecksPerConnection, cancellationToken);
        await PruneOperationsAsync(db, now - kept.Value.Operations, cancellationToken);
        var limit = now - kept.Value.Audit;
        // What the server itself made stays: by it a start knows that the sandbox was set up, also when it is deleted since.
        await db.AuditEntries.Where(entry => entry.At < limit && !(entry.Actor == Actor.System.Name && entry.Action == "create"))
            .ExecuteDeleteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.PruneFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Ids grow with time: reading from the oldest on finds the limit without an index on the time. Their number is kept where they are written.
    private static async Task PruneEventsAsync(PortalDb db, DateTimeOffset limit, CancellationToken cancellationToken)
    {
        var oldestKept = await db.TaskEvents.Where(line => line.At >= limit).OrderBy(line => line.Id).Select(line => (long?)line.Id).FirstOrDefaultAsync(cancellationToken);
        await db.TaskEvents.Where(line => oldestKept == null || line.Id < oldestKept).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Adds up the oldest ended runs of each task into one row, so that the sum over all runs stays what it was.</summary>
    private static async Task FoldRunsAsync(PortalDb db, int keep, CancellationToken cancellationToken)
    {
        var tasks = await db.TaskRuns.Where(run => run.End != RunEnd.Running).GroupBy(run => run.TaskId)
            .Where(runs => runs.Count() > keep + 1).Select(runs => runs.Key).ToListAsync(cancellationToken);
        foreach (var id in tasks)
        {
            var ended = await db.TaskRuns.Where(run => run.TaskId == id && run.End != RunEnd.Running).OrderBy(run => run.Id).ToListAsync(cancellationToken);
            var (sum, folded) = (ended[0], ended[1..^keep]);
            foreach (var run in folded)
            {
                sum.Add(run);
            }

            (sum.End, sum.EndedAt, sum.StoredAt) = (RunEnd.Folded, folded.Max(run => run.EndedAt), folded.Max(run => run.StoredAt));
            db.RemoveRange(folded);
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }
    }

    private static async Task PruneRevisionsAsync(PortalDb db, int keep, CancellationToken cancellationToken)
    {
        // Of what is gone nobody can look at a revision any more.
        await db.Revisions
            .Where(row => !db.ConnectorTasks.Any(task => task.Id == row.ObjectId) && !db.Connections.Any(connection => connection.Id == row.ObjectId)
                && !db.MqttClusters.Any(cluster => cluster.Id == row.ObjectId) && !db.KafkaInstances.Any(instance => instance.Id == row.ObjectId))
            .ExecuteDeleteAsync(cancellationToken);
        await db.Revisions
            .Where(row => db.Revisions.Count(newer => newer.ObjectId == row.ObjectId && newer.Revision > row.Revision) >= keep)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task PruneChecksAsync(PortalDb db, int keep, CancellationToken cancellationToken)
    {
        await db.ConnectionChecks
            .Where(row => db.ConnectionChecks.Count(newer => newer.ConnectionId == row.ConnectionId && newer.Id > row.Id) >= keep)
            .ExecuteDeleteAsync(cancellationToken);
        await db.KafkaChecks
            .Where(row => db.KafkaChecks.Count(newer => newer.KafkaInstanceId == row.KafkaInstanceId && newer.Id > row.Id) >= keep)
            .ExecuteDeleteAsync(cancellationToken);
    }

    // The status of a connection follows the operation of its last change: that one stays as long as it is the last.
    private static Task<int> PruneOperationsAsync(PortalDb db, DateTimeOffset limit, CancellationToken cancellationToken) => db.Operations
        .Where(row => row.EndedAt < limit && !db.Connections.Any(connection => connection.OperationId == row.Id))
        .ExecuteDeleteAsync(cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.PruneFailed, LogLevel.Error, "What is older than it is kept could not be forgotten; the next hour tries again")]
        public static partial void PruneFailed(ILogger logger, Exception failure);
    }
}
