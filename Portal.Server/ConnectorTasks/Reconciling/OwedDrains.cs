using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>
/// What tasks owe to brokers: sessions that no running client uses and that could not be ended. Written down before anything else is done,
/// and ended at the next contact. Called by the reconciler only, one call at a time for each task.
/// </summary>
internal sealed class OwedDrains(
    IDbContextFactory<PortalDb> databases, TaskSpecs specs, IPipelineSupervisor supervisor, TaskRoster roster, TaskEventLog events, TimeProvider time)
{
    public static readonly TimeSpan RetryEvery = TimeSpan.FromMinutes(1);

    /// <summary>Writes down sessions that were started with <paramref name="settings"/>, from client <paramref name="first"/> on.</summary>
    public async Task AddAsync(
        string taskId, ConnectorTaskDraft settings, IReadOnlyList<ClusterEndpoint> endpoints, int first, string cause, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(new OwedSession { TaskId = taskId, Settings = settings, Endpoints = endpoints, FirstClient = first, Since = now, Cause = cause, TriedAt = now });
        db.Add(TaskEvents.ByItself(taskId, now, EventSeverity.Warning, $"Sessions of former settings are still at {Broker(endpoints)}: {cause} They are listed as owed to the broker, and it is tried again every minute."));
        await db.SaveChangesAsync(cancellationToken);
        await CountAsync(db, taskId, cancellationToken);
    }

    /// <summary>The tasks of which something is due to be tried again.</summary>
    public async Task<IReadOnlyList<string>> DueAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - RetryEvery;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.OwedSessions.Where(row => row.TriedAt <= before).Select(row => row.TaskId).Distinct().ToListAsync(cancellationToken);
    }

    /// <summary>Tries to end all that a task owes.</summary>
    /// <returns>Null when nothing is left, or why something is.</returns>
    public async Task<string?> DrainAsync(ConnectorTask task, CancellationToken cancellationToken)
    {
        string? left = null;
        foreach (var row in await OfAsync(task.Id, cancellationToken))
        {
            left = await DrainAsync(task, row, cancellationToken) ?? left;
        }

        return left;
    }

    /// <summary>
    /// Makes room for clients that are about to start. Sessions that they go on with are owed no longer; where those would bring messages of
    /// topics that are not asked for any more, they are ended first.
    /// </summary>
    /// <returns>Null, or why the clients cannot start yet.</returns>
    public async Task<string?> TakeOverAsync(ConnectorTask task, IReadOnlyList<ClusterEndpoint> endpoints, CancellationToken cancellationToken)
    {
        foreach (var row in await OfAsync(task.Id, cancellationToken))
        {
            if (row.FirstClient >= task.Settings.Clients || !OwedSessions.SharesBroker(row.Endpoints, endpoints))
            {
                continue;
            }

            if (row.Settings.Topics.Except(task.Settings.Topics).Any())
            {
                if (await DrainAsync(task, row, cancellationToken) is { } cause)
                {
                    return cause;
                }

                continue;
            }

            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (task.Settings.Clients >= row.Settings.Clients)
            {
                await db.OwedSessions.Where(one => one.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
            }
            else
            {
                await db.OwedSessions.Where(one => one.Id == row.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.FirstClient, task.Settings.Clients), cancellationToken);
            }

            await CountAsync(db, task.Id, cancellationToken);
        }

        return null;
    }

    private async Task<IReadOnlyList<OwedSession>> OfAsync(string taskId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.OwedSessions.AsNoTracking().Where(row => row.TaskId == taskId).OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    private async Task<string?> DrainAsync(ConnectorTask task, OwedSession row, CancellationToken cancellationToken)
    {
        // Counted from the beginning: the slow tick must not order it again while it waits for the broker.
        await WriteAsync(row.Id, row.Cause, cancellationToken);
        var spec = await specs.CompileStartedAsync(task, row.Settings, row.Endpoints, cancellationToken);
        var cause = spec is null
            ? "The connection that they were reached by has been deleted, and its credentials with it."
            : await supervisor.EndLeftSessionsAsync(spec with { Clients = [.. spec.Clients.Where(index => index >= row.FirstClient)] }, cancellationToken);
        if (cause is not null)
        {
            await WriteAsync(row.Id, cause, cancellationToken);
            return cause;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.OwedSessions.Where(one => one.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        await CountAsync(db, task.Id, cancellationToken);
        await events.AppendAsync([TaskEvents.ByItself(task.Id, time.GetUtcNow(), EventSeverity.Info, $"The sessions that were owed to {Broker(row.Endpoints)} are drained and ended.")], cancellationToken);
        return null;
    }

    private async Task WriteAsync(long id, string cause, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.OwedSessions.Where(row => row.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Cause, cause).SetProperty(row => row.TriedAt, now), cancellationToken);
    }

    private async Task CountAsync(PortalDb db, string taskId, CancellationToken cancellationToken)
    {
        var rows = await db.OwedSessions.AsNoTracking().Where(row => row.TaskId == taskId).ToListAsync(cancellationToken);
        var count = rows.Sum(OwedSessions.Count);
        roster.Change(taskId, entry => entry with { OwedSessions = count });
    }

    private static string Broker(IReadOnlyList<ClusterEndpoint> endpoints) => endpoints is [var first, ..] ? $"{first.Host}:{first.Port}" : "the broker";
}
