using Portal.Engine.Pipelines;
using Portal.Server.Data;

namespace Portal.Server.ConnectorTasks.Runs;

/// <summary>Stores the books of the present runs every 10 s, where they changed: after a crash the figures are at most that old.</summary>
internal sealed partial class StoreRunFigures(
    IPipelineSupervisor supervisor, TaskRunStore runs, StorageWatch storage, TimeProvider time, ILogger<StoreRunFigures> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (Guid Run, PipelineBooks Books)> _stored = [];

    /// <summary>One round. Not for concurrent use.</summary>
    internal async Task StoreAsync(CancellationToken cancellationToken)
    {
        var photos = supervisor.Snapshots();
        var changed = photos.Where(photo => !_stored.TryGetValue(photo.Id, out var last) || last != (photo.RunId, photo.Books)).ToList();
        await runs.StoreAsync(changed, cancellationToken);
        foreach (var photo in changed)
        {
            _stored[photo.Id] = (photo.RunId, photo.Books);
        }

        foreach (var gone in _stored.Keys.Except(photos.Select(photo => photo.Id)).ToList())
        {
            _stored.Remove(gone);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await StoreAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                if (!storage.IsOfStorage(failure))
                {
                    Log.RecordingFailed(logger, failure);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.RecordingFailed, LogLevel.Error, "The figures of the present runs could not be stored; the next round tries again")]
        public static partial void RecordingFailed(ILogger logger, Exception failure);
    }
}
