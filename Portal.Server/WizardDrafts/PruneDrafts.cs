using Microsoft.EntityFrameworkCore;
using Portal.Server.Data;

namespace Portal.Server.WizardDrafts;

/// <summary>Removes drafts that nobody saved for long, at the start and then every hour. They may hold passwords, encrypted as they are.</summary>
internal sealed partial class PruneDrafts(IDbContextFactory<PortalDb> databases, TimeProvider time, ILogger<PruneDrafts> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>One round; says how many went.</summary>
    internal async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - DraftService.Kept;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Drafts.Where(row => row.SavedAt <= before).ExecuteDeleteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await PruneAsync(stoppingToken) is var gone and > 0)
                {
                    Log.DraftsPruned(logger, gone);
                }
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Log.PruningFailed(logger, failure);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.DraftsPruned, LogLevel.Information, "{Count} drafts that nobody saved for 30 days were removed")]
        public static partial void DraftsPruned(ILogger logger, int count);

        [LoggerMessage(ServerEvents.DraftPruningFailed, LogLevel.Error, "Old drafts could not be removed; it is tried again in an hour")]
        public static partial void PruningFailed(ILogger logger, Exception failure);
    }
}
