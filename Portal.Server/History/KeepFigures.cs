using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Engine.Pipelines;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.History;

/// <summary>Stores what flowed every five seconds, adds it up into longer steps every minute, and forgets what is old.</summary>
internal sealed partial class KeepFigures(
    IPipelineSupervisor supervisor,
    TaskRoster roster,
    FigureStore store,
    IDbContextFactory<PortalDb> databases,
    IOptions<RetentionOptions> kept,
    StorageWatch storage,
    TimeProvider time,
    ILogger<KeepFigures> logger) : BackgroundService
{
    private const int Step = (int)FigureStep.FiveSeconds;

    private readonly FigureSampler _sampler = new();
    private Dictionary<string, string> _regions = [];
    private DateTimeOffset _looked = time.GetUtcNow();
    private long _rolledMinute;

    /// <summary>One round. Not for concurrent use.</summary>
    internal async Task KeepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var seconds = (long)Math.Round((now - _looked).TotalSeconds);
        // A clock that was set back: what flows is stored when it has caught up.
        if (seconds > 0)
        {
            // The step that ends now. A round that comes late, as after a sleep of the machine, covers more than one and says so in Seconds.
            var slot = FigureStore.Floor(now - TimeSpan.FromSeconds(1), FigureStep.FiveSeconds);
            var moved = _sampler.Take(roster.All(), supervisor.Snapshots());
            await ReadRegionsAsync(moved, cancellationToken);
            await store.AppendAsync(slot, Rows(moved, seconds), cancellationToken);
            storage.Succeeded();
            _sampler.Accept();
            _looked = now;
        }

        if (FigureStore.Floor(now, FigureStep.OneMinute) is var minute && minute != _rolledMinute)
        {
            await store.RollUpAsync(now, cancellationToken);
            await store.PruneAsync(now, kept.Value, cancellationToken);
            _rolledMinute = minute;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (ExecuteTask is { } rounds)
        {
            await rounds.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The engine has drained by now: what it settled at the end belongs to the history as well. Also when others have used up the time to
        // stop in: it is one short write, and a cancellation here would end the process as a crash.
        await RoundAsync(CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // At the ends of steps by the clock, so that the steps of all tasks and of all starts of the server lie on each other.
            var late = time.GetUtcNow().ToUnixTimeMilliseconds() % (Step * 1_000);
            await Task.Delay(TimeSpan.FromMilliseconds((Step * 1_000) - late), time, stoppingToken);
            await RoundAsync(stoppingToken);
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            if (!storage.IsOfStorage(failure))
            {
                Log.FiguresLost(logger, failure);
            }
        }
    }

    private List<(string Series, Figures Figures)> Rows(IReadOnlyList<(string TaskId, Figures Figures)> moved, long seconds)
    {
        var rows = new List<(string, Figures)>(moved.Count + 2);
        var all = new Figures();
        var regions = new Dictionary<string, Figures>();
        foreach (var (id, figures) in moved)
        {
            rows.Add((id, figures));
            all = all.Beside(figures);
            if (_regions.TryGetValue(id, out var region))
            {
                regions[region] = regions.GetValueOrDefault(region).Beside(figures);
            }
        }

        rows.AddRange(regions.Select(region => (FigureStore.OfRegion(region.Key), region.Value)));
        rows.Add((FigureStore.Everything, all with { Seconds = seconds }));
        return rows;
    }

    // A task moves to another region only by an edit; a minute of being counted where it was is soon enough mended.
    private async Task ReadRegionsAsync(IReadOnlyList<(string TaskId, Figures Figures)> moved, CancellationToken cancellationToken)
    {
        if (FigureStore.Floor(time.GetUtcNow(), FigureStep.OneMinute) != _rolledMinute || moved.Any(one => !_regions.ContainsKey(one.TaskId)))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            _regions = await db.ConnectorTasks.Select(task => new { task.Id, task.Connection.MqttCluster.Region })
                .ToDictionaryAsync(task => task.Id, task => task.Region, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.FiguresNotKept, LogLevel.Error, "The figures of the last seconds could not be stored; the next round stores them with its own")]
        public static partial void FiguresLost(ILogger logger, Exception failure);
    }
}
