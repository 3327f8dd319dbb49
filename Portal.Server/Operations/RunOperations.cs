using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data.Entities;
using Portal.Server.Live;

namespace Portal.Server.Operations;

/// <summary>Carries operations out, item after item; different operations side by side. What a former process left unfinished is taken up at start.</summary>
internal sealed partial class RunOperations(OperationStore store, TaskRestart restart, LiveFeed feed, TimeProvider time, ILogger<RunOperations> logger)
    : BackgroundService
{
    /// <summary>After so many failures the rest is left alone: what is wrong is probably wrong for all.</summary>
    public const int MostFailures = 3;

    private static readonly TimeSpan ShownAfterEnd = TimeSpan.FromMinutes(10);
    private readonly KeyedQueue _running = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Begins an operation, or goes on with it, in the background.</summary>
    public void Begin(string id) => Begin(id, takenUp: false);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await base.StopAsync(cancellationToken);
        await _running.IdleAsync();
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var recent in await store.NewestAsync(20, stoppingToken))
        {
            feed.Operations.Publish(recent);
        }

        foreach (var id in await store.UnfinishedAsync(stoppingToken))
        {
            Begin(id, takenUp: true);
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        do
        {
            ForgetEnded();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void ForgetEnded()
    {
        foreach (var old in feed.Operations.All().Where(operation => operation.EndedAt < time.GetUtcNow() - ShownAfterEnd))
        {
            feed.Operations.Remove(old.Id);
        }
    }

    // Retried while it still ends: the second run begins when the first has ended.
    private void Begin(string id, bool takenUp) => _ = _running.RunAsync(id, () => RunAsync(id, takenUp));

    private async Task RunAsync(string id, bool takenUp)
    {
        try
        {
            var operation = await store.ChangeAsync(id, (_, row) => row.State = OperationState.Running, _stop.Token);
            while (operation?.Items.FirstOrDefault(IsNext) is { } next)
            {
                operation = await RunItemAsync(id, next.TargetId, takenUp, _stop.Token);
                if (operation?.Items.Count(item => item.State == OperationState.Failed) >= MostFailures && operation.Items.Any(IsNext))
                {
                    await StopAfterFailuresAsync(id, operation);
                    return;
                }
            }

            await EndAsync(id);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The next start of the server takes it up again.
        }
        catch (Exception failure)
        {
            Log.OperationFailed(logger, id, failure);
            Task told = store.ChangeAsync(id, (_, row) => (row.State, row.Text) = (OperationState.Paused, $"The server failed unexpectedly: {failure.Message} Retry to go on."), CancellationToken.None);
            await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<OperationView?> RunItemAsync(string id, string targetId, bool takenUp, CancellationToken cancellationToken)
    {
        var taken = await store.ChangeAsync(id, (_, row) =>
        {
            // A person may have cancelled it since it was read.
            var item = Item(row, targetId);
            item.State = item.State == OperationState.Waiting ? OperationState.Running : item.State;
        }, cancellationToken);
        if (taken?.Items.Single(item => item.TargetId == targetId).State != OperationState.Running)
        {
            return taken;
        }

        var began = time.GetTimestamp();
        var result = await restart.RunAsync(targetId, onlyVerify: takenUp, cancellationToken);
        return await store.ChangeAsync(id, (_, row) =>
        {
            var item = Item(row, targetId);
            (item.State, item.Text, item.Took) = (result.State, result.Text, time.GetElapsedTime(began));
        }, cancellationToken);
    }

    private async Task StopAfterFailuresAsync(string id, OperationView operation)
    {
        var left = operation.Items.Count(IsNext);
        Log.OperationStopped(logger, id, MostFailures, left);
        await store.ChangeAsync(id, (_, row) => (row.State, row.Text) = (
            OperationState.Paused,
            $"Stopped after {MostFailures} failures: the other {left} {(left == 1 ? "task is" : "tasks are")} left as they were. Mend the cause, then retry; or cancel."), _stop.Token);
    }

    private Task<OperationView?> EndAsync(string id) => store.ChangeAsync(id, (_, row) =>
    {
        var failed = row.Items.Count(item => item.State == OperationState.Failed);
        var cancelled = row.Items.Count(item => item.State == OperationState.Cancelled);
        // By the items alone: who cancels during the last one has cancelled nothing.
        (row.State, row.Text) = (failed, cancelled) switch
        {
            ( > 0, _) => (OperationState.Failed, row.Text ?? $"{failed} of {row.Items.Count} failed."),
            (_, > 0) => (OperationState.Cancelled, row.Text ?? $"{cancelled} of {row.Items.Count} left out."),
            _ => (OperationState.Succeeded, null),
        };
        row.EndedAt = time.GetUtcNow();
    }, CancellationToken.None);

    // Running: the process ended in the middle of it.
    private static bool IsNext(OperationItem item) => item.State is OperationState.Waiting or OperationState.Running;

    private static OperationItemRow Item(OperationRow row, string targetId) => row.Items.Single(item => item.TargetId == targetId);

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.OperationStopped, LogLevel.Warning, "Operation {Id} stopped after {Failures} failures; {Left} items are left")]
        public static partial void OperationStopped(ILogger logger, string id, int failures, int left);

        [LoggerMessage(ServerEvents.OperationFailed, LogLevel.Error, "Operation {Id} ended unexpectedly")]
        public static partial void OperationFailed(ILogger logger, string id, Exception failure);
    }
}
