using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Sandbox;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.Live;

/// <summary>
/// Every 2 s asks the embedded broker what waits for each task. No other broker is asked: Mosquitto and EMQX tell by <c>$SYS</c> how much they
/// hold altogether and not for whom, and a figure of all clients would be believed to be the task's.
/// </summary>
internal sealed partial class WatchBacklog(
    IDbContextFactory<PortalDb> databases, EmbeddedSandbox sandbox, TaskRoster roster, TimeProvider time, ILogger<WatchBacklog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>One round; not for concurrent use.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!sandbox.Enabled || !sandbox.IsRunning)
        {
            return;
        }

        var pending = await sandbox.Mqtt.GetPendingAsync();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var there = await db.ConnectorTasks
            .Where(task => task.Connection.MqttCluster.Kind == MqttClusterKind.Embedded)
            .Select(task => task.Id)
            .ToListAsync(cancellationToken);
        // A set: it is asked once for each task.
        Take(there.ToHashSet(), pending, sandbox.Mqtt.MaxPendingMessages);
    }

    /// <summary>Puts what waits for the tasks at a broker into the roster.</summary>
    internal void Take(IReadOnlySet<string> taskIds, IReadOnlyDictionary<string, long> pending, int most)
    {
        foreach (var entry in roster.All())
        {
            var sessions = taskIds.Contains(entry.Id)
                ? Enumerable.Range(0, entry.Clients).Select(index => $"{entry.Id}-{index}").Where(pending.ContainsKey).ToList()
                : [];

            // Without a session the broker keeps nothing for the task.
            var queue = sessions.Count == 0 ? null : new BrokerQueue(sessions.Sum(session => pending[session]), (long)most * sessions.Count);
            roster.Change(entry.Id, now => now.Queue == queue ? now : now with { Queue = queue });
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.BacklogFailed(logger, failure);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.BacklogFailed, LogLevel.Warning, "What waits at the embedded broker could not be read; the next round tries again")]
        public static partial void BacklogFailed(ILogger logger, Exception failure);
    }
}
