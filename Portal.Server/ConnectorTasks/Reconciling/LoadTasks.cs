using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>Before anything runs: closes the runs that the last process left open, and enters every stored task into the roster.</summary>
internal sealed partial class LoadTasks(IDbContextFactory<PortalDb> databases, TaskRunStore runs, TaskRoster roster, ILogger<LoadTasks> logger)
    : IHostedService
{
    private sealed record TaskClients(string Id, int Clients);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var crashed = await runs.CloseAfterCrashAsync(cancellationToken);
        if (crashed > 0)
        {
            Log.RunsClosedAfterCrash(logger, crashed);
        }

        var sums = await runs.SumsAsync(cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.ConnectorTasks.AsNoTracking()
            .Select(task => new { task.Id, task.Asked, task.UpdatedAt, task.DeletingSince, task.SessionsKeptUntil })
            .ToListAsync(cancellationToken);
        // By SQLite: the settings of ten thousand tasks, read whole for this one number, were most of what this step took.
        var clients = await db.Database.SqlQuery<TaskClients>($"SELECT Id, COALESCE(json_extract(Settings, '$.clients'), 1) AS Clients FROM ConnectorTasks")
            .ToDictionaryAsync(task => task.Id, task => task.Clients, cancellationToken);
        var owed = (await db.OwedSessions.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(row => row.TaskId, OwedSessions.Count);
        // A task that was created before this, by the registration of the sandbox, has its entry.
        foreach (var row in rows.Where(row => roster.Find(row.Id) is null))
        {
            roster.Add(new RosterEntry
            {
                Id = row.Id,
                Asked = row.Asked,
                AskedAt = row.UpdatedAt,
                Clients = clients[row.Id],
                SessionsKeptUntil = row.SessionsKeptUntil,
                OwedSessions = owed[row.Id].Sum(),
                Command = row.DeletingSince is { } since ? new UnderWay(ConnectorTaskStatus.Deleting, since) : null,
                Closed = TaskBooks.Empty.Plus(sums.GetValueOrDefault(row.Id)),
            });
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.RunsClosedAfterCrash, LogLevel.Warning, "The last server process did not stop its tasks: {Count} runs are closed with the figures stored last")]
        public static partial void RunsClosedAfterCrash(ILogger logger, int count);
    }
}
