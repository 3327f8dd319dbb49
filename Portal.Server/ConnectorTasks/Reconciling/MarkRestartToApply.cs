using Microsoft.EntityFrameworkCore;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>Every 2 s compares what runs with what is stored: a task in motion with other connection settings is "restart to apply".</summary>
internal sealed partial class MarkRestartToApply(
    IDbContextFactory<PortalDb> databases, TaskSpecs specs, TaskRoster roster, TimeProvider time, ILogger<MarkRestartToApply> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // What was compared with what, so that a task that waits for its restart is not compiled again every round.
    private readonly Dictionary<string, (InMotion Runs, SettingsStamp Stored)> _compared = [];

    /// <summary>
    /// One round; not for concurrent use. Three small tables are read, however many tasks there are; only where a revision moved the specs
    /// are compared, since a new name or description is nothing to restart for.
    /// </summary>
    internal async Task MarkAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var connections = await db.Connections.AsNoTracking()
            .Select(one => new { one.Id, one.Revision, one.MqttClusterId, ClusterRevision = one.MqttCluster.Revision })
            .ToDictionaryAsync(one => one.Id, cancellationToken);
        var instances = await db.KafkaInstances.AsNoTracking()
            .Select(one => new { one.Id, one.Revision })
            .ToDictionaryAsync(one => one.Id, one => one.Revision, cancellationToken);
        var inMotion = roster.All().Where(entry => entry.InMotion is not null).ToDictionary(entry => entry.Id, entry => entry.InMotion!);
        foreach (var gone in _compared.Keys.Except(inMotion.Keys).ToList())
        {
            _compared.Remove(gone);
        }

        foreach (var (id, runs) in inMotion)
        {
            if (connections.TryGetValue(runs.Stamp.ConnectionId, out var connection) && instances.TryGetValue(runs.Stamp.InstanceId, out var instance))
            {
                var stored = new SettingsStamp(
                    connection.Id, connection.Revision, connection.MqttClusterId, connection.ClusterRevision, runs.Stamp.InstanceId, instance);
                await GuardedAsync(id, runs, stored, cancellationToken);
            }
        }
    }

    // A task whose secret cannot be read any more must not keep the others from being compared; its restart will say it.
    private async Task GuardedAsync(string id, InMotion runs, SettingsStamp stored, CancellationToken cancellationToken)
    {
        try
        {
            await CompareAsync(id, runs, stored, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _compared[id] = (runs, stored);
            Log.CompareFailed(logger, id, failure);
        }
    }

    private async Task CompareAsync(string id, InMotion runs, SettingsStamp stored, CancellationToken cancellationToken)
    {
        if (runs.Stamp == stored)
        {
            _compared.Remove(id);
            return;
        }

        if (_compared.GetValueOrDefault(id) != (runs, stored) && await specs.FindAsync(id, cancellationToken) is { } row)
        {
            var asked = specs.Compile(row).Spec;
            var differs = !runs.HasBrokerOf(asked) || runs.Spec.Sink.Kafka != asked.Sink.Kafka;
            // Only while it still runs with what was compared: a restart in between has taken the settings of now.
            roster.Change(id, entry => ReferenceEquals(entry.InMotion, runs) ? entry with { RestartToApply = differs } : entry);
            _compared[id] = (runs, stored);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await MarkAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.MarkFailed(logger, failure);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.CompareFailed, LogLevel.Warning, "What {TaskId} runs with cannot be compared with what is stored")]
        public static partial void CompareFailed(ILogger logger, string taskId, Exception failure);

        [LoggerMessage(ServerEvents.MarkFailed, LogLevel.Error, "Comparing what runs with what is stored failed; the next round follows")]
        public static partial void MarkFailed(ILogger logger, Exception failure);
    }
}
