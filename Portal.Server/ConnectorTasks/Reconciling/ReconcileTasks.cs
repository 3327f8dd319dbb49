using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>Makes running match asked when the server starts, and looks again every 15 s for what is not as it was asked.</summary>
internal sealed partial class ReconcileTasks(
    TaskReconciler reconciler, OwedDrains owed, TaskRoster roster, IPipelineSupervisor supervisor, IDbContextFactory<PortalDb> databases, IHostApplicationLifetime host, TimeProvider time, ILogger<ReconcileTasks> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    // Starting a pipeline is quick; this keeps a thousand of them from connecting in the same instant.
    private const int AtOnce = 16;

    /// <summary>Reconciles what is not as it was asked. A task whose connection changed is as asked: it waits for its restart.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.ConnectorTasks.AsNoTracking()
            .Select(task => new { task.Id, task.Asked, IsDeleting = task.DeletingSince != null })
            .ToListAsync(cancellationToken);
        var astray = rows.Where(row => IsAstray(row.Id, row.Asked, row.IsDeleting)).Select(row => row.Id);
        await Parallel.ForEachAsync(
            astray,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (id, _) => await reconciler.ReconcileAsync(id));
        // By themselves: a broker that does not answer holds only its own task.
        foreach (var id in await owed.DueAsync(cancellationToken))
        {
            _ = reconciler.DrainOwedAsync(id);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await reconciler.StopAsync();
        // Here and not with the container: what the pipelines tell at their end must still be written down.
        await supervisor.DisposeAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        reconciler.Open();
        await ServingAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.RoundFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    // Who waits for a start waits for a page, and a page shows tasks as they start; both at once take the same cores. And a server that cannot
    // listen at its address has not touched a broker.
    private async Task ServingAsync(CancellationToken cancellationToken)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = host.ApplicationStarted.Register(serving.SetResult);
        await serving.Task.WaitAsync(cancellationToken);
    }

    private bool IsAstray(string id, AskedState asked, bool isDeleting)
    {
        var entry = roster.Find(id);
        var photo = supervisor.Find(id);

        // Its automatic restart comes when it is due. One that failed for good beside settings that were given up has been told to a person.
        var waits = photo is { HasFailed: true, NextAttemptAt: not null }
            || (photo is { HasFailed: true, AttemptsAllowed: 0 } && entry is { GivenUp: not null, Trouble.NeedsYou: true });
        return isDeleting
            || (entry?.Trouble is not null && !waits)
            || (asked == AskedState.Running) != (photo is not null);
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.RoundFailed, LogLevel.Error, "Looking for tasks that are not as asked failed; the next round follows")]
        public static partial void RoundFailed(ILogger logger, Exception failure);
    }
}
