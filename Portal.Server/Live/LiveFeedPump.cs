using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Live.Roster;

namespace Portal.Server.Live;

/// <summary>Carries the engine's photos up into the feed, four times a second.</summary>
internal sealed partial class LiveFeedPump(
    IPipelineSupervisor supervisor, TaskRoster roster, LiveFeed feed, RateHistory rates, TimeProvider time, ILogger<LiveFeedPump> logger)
    : BackgroundService
{
    private readonly Dictionary<string, TaskClientsLive> _clients = [];
    private DateTimeOffset _nextSample;

    /// <summary>One round. Not for concurrent use.</summary>
    internal void Pump()
    {
        var photos = supervisor.Snapshots();
        roster.Observe(photos);
        PumpClients(photos);
        feed.Tally.Tell();
        var now = time.GetUtcNow();
        if (now >= _nextSample)
        {
            rates.Sample(photos, now);
            // From the plan and not from now, or the steps would grow by the lateness of each tick.
            _nextSample = _nextSample + RateHistory.Step > now ? _nextSample + RateHistory.Step : now + RateHistory.Step;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LiveWatcher<TaskClientsLive>.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                Pump();
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                Log.PumpFailed(logger, bug);
            }
        }
    }

    private void PumpClients(IReadOnlyList<PipelineSnapshot> photos)
    {
        var watched = feed.Clients.Watched();
        foreach (var gone in _clients.Keys.Except(watched).ToList())
        {
            _clients.Remove(gone);
        }

        foreach (var id in watched)
        {
            var now = ClientTranslation.Of(id, photos.FirstOrDefault(photo => photo.Id == id));
            if (!_clients.TryGetValue(id, out var before) || !before.SameAs(now))
            {
                _clients[id] = now;
                feed.Clients.Publish(now);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.PumpFailed, LogLevel.Error, "A round of the live feed failed; the next one follows")]
        public static partial void PumpFailed(ILogger logger, Exception bug);
    }
}
