using System.Collections.Concurrent;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data.Entities;
using Portal.Server.Live;
using Portal.Server.Operations.Items;

namespace Portal.Server.Operations;

/// <summary>
/// Carries operations out: restarts one item after the other, everything else a few at once; different operations side by side. What a
/// former process left unfinished is taken up at start.
/// </summary>
internal sealed partial class RunOperations(OperationStore store, RunItem items, LiveFeed feed, TimeProvider time, ILogger<RunOperations> logger)
    : BackgroundService
{
    /// <summary>After so many failures the rest is left alone: what is wrong is probably wrong for all.</summary>
    public const int MostFailures = 3;

    private const string CutShort = "The server was started anew in the middle of it.";
    private static readonly OperationState[] Open = [OperationState.Waiting, OperationState.Running];
    private static readonly OperationState[] UnderWay = [OperationState.Running];
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
        // Paused in the middle of an item, it is not taken up; nobody works on that item any more, so it waits like those behind it.
        foreach (var id in await store.InterruptedAsync(stoppingToken))
        {
            await store.ChangeItemsAsync(
                id, UnderWay, OperationState.Waiting, CutShort, (_, row) => row.Text = $"{CutShort} Go on with the rest, or cancel it.", stoppingToken);
        }

        foreach (var recent in (await store.PageAsync(page: 1, size: 20, stoppingToken)).Items)
        {
            if (!(recent.EndedAt < time.GetUtcNow() - ShownAfterEnd) && await store.FindAsync(recent.Id, stoppingToken) is { } whole)
            {
                feed.Operations.Publish(whole);
            }
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
            if (await store.OrderAsync(id, _stop.Token) is not { } order
                // Paused or ended since it was asked for: it stays so.
                || await store.ChangeAsync(id, (_, row, _) => row.State = row.State == OperationState.Waiting ? OperationState.Running : row.State, _stop.Token)
                    is not { State: OperationState.Running } operation)
            {
                return;
            }

            var next = new ConcurrentQueue<int>(Enumerable.Range(0, operation.Items.Count).Where(position => IsNext(operation.Items[position].State)));
            var workers = Math.Min(RunItem.AtOnce(order.Kind), next.Count);
            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(order, next, takenUp)));
            await EndAsync(id);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The next start of the server takes it up again.
        }
        catch (Exception failure)
        {
            Log.OperationFailed(logger, id, failure);
            Task told = store.ChangeItemsAsync(
                id,
                UnderWay,
                OperationState.Waiting,
                null,
                (_, row) => (row.State, row.Text) = (OperationState.Paused, $"The server failed unexpectedly: {failure.Message} Go on with the rest, or cancel it."),
                CancellationToken.None);
            await told.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(OperationRow order, ConcurrentQueue<int> next, bool takenUp)
    {
        while (next.TryDequeue(out var position))
        {
            // A person may have paused the operation or cancelled the item since it was read.
            if (!await store.ChangeItemAsync(order.Id, position, Open, item => item with { State = OperationState.Running }, onlyWhileRunning: true, _stop.Token))
            {
                continue;
            }

            var began = time.GetTimestamp();
            var target = (await store.FindItemAsync(order.Id, position, _stop.Token))!;
            var result = await items.RunAsync(order, target, takenUp, _stop.Token);
            await store.ChangeItemAsync(
                order.Id,
                position,
                Open,
                item => item with { State = result.State, Text = result.Text, Took = time.GetElapsedTime(began) },
                onlyWhileRunning: false,
                _stop.Token);
            if (result.State == OperationState.Failed && RunItem.StopsAfterFailures(order.Kind))
            {
                await StopAfterFailuresAsync(order.Id);
            }
        }
    }

    private Task<OperationView?> StopAfterFailuresAsync(string id) => store.ChangeAsync(id, (_, row, counts) =>
    {
        var left = counts.Waiting;
        if (counts.Failed < MostFailures || left == 0)
        {
            return;
        }

        Log.OperationStopped(logger, id, MostFailures, left);
        (row.State, row.Text) = (
            OperationState.Paused,
            $"Stopped after {MostFailures} failures: the other {left} {(left == 1 ? "task is" : "tasks are")} left as they were. Mend the cause, then retry; or cancel.");
    }, _stop.Token);

    private Task<OperationView?> EndAsync(string id) => store.ChangeAsync(id, (_, row, counts) =>
    {
        if (counts.Waiting > 0)
        {
            // Paused, by a person or by failures: it has not ended.
            return;
        }

        // By the items alone: who cancels during the last one has cancelled nothing.
        (row.State, row.Text) = (counts.Failed, counts.Cancelled) switch
        {
            ( > 0, _) => (OperationState.Failed, row.Text ?? $"{counts.Failed} of {counts.Total} failed."),
            (_, > 0) => (OperationState.Cancelled, row.Text ?? $"{counts.Cancelled} of {counts.Total} left out."),
            _ => (OperationState.Succeeded, null),
        };
        row.EndedAt = time.GetUtcNow();
    }, CancellationToken.None);

    // Running: the process ended in the middle of it.
    private static bool IsNext(OperationState state) => Open.Contains(state);

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.OperationStopped, LogLevel.Warning, "Operation {Id} stopped after {Failures} failures; {Left} items are left")]
        public static partial void OperationStopped(ILogger logger, string id, int failures, int left);

        [LoggerMessage(ServerEvents.OperationFailed, LogLevel.Error, "Operation {Id} ended unexpectedly")]
        public static partial void OperationFailed(ILogger logger, string id, Exception failure);
    }
}
