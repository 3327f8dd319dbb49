using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Client.Contracts;
using Portal.Server.Data;

namespace Portal.Server.History;

/// <summary>Reads the stored history in the finest steps that a range can show.</summary>
internal sealed class HistoryService(
    FigureStore store, IDbContextFactory<PortalDb> databases, IOptions<RetentionOptions> kept, TimeProvider time) : IHistoryService
{
    // More points than a chart has pixels only cost.
    private const int MostPoints = 1_500;

    private static readonly FigureStep[] FineFirst = [FigureStep.FiveSeconds, FigureStep.OneMinute, FigureStep.TenMinutes];

    public async Task<FigureHistory?> OfTaskAsync(string id, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var task = await db.ConnectorTasks.Where(row => row.Id == id).Select(row => new { row.CreatedAt }).FirstOrDefaultAsync(cancellationToken);
        // Before it was there it was not idle.
        return task is null ? null : await ReadAsync(id, range, Later(since, task.CreatedAt), cancellationToken);
    }

    public Task<FigureHistory> OfAllAsync(string? region, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken) =>
        ReadAsync(string.IsNullOrEmpty(region) ? FigureStore.Everything : FigureStore.OfRegion(region), range, since, cancellationToken);

    /// <summary>The finest step that the range can show and that is kept that long.</summary>
    internal static FigureStep StepOf(HistoryRange range, RetentionOptions kept) =>
        Array.Find(FineFirst, step => range.Length.TotalSeconds / (int)step <= MostPoints && kept.Of(step) >= range.Length) is not 0 and var found
            ? found
            : FigureStep.TenMinutes;

    private async Task<FigureHistory> ReadAsync(string series, HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var to = time.GetUtcNow();
        var from = to - range.Length;
        var step = StepOf(range, kept.Value);
        var rows = await store.ReadAsync(series, step, Later(since, from)!.Value, to, cancellationToken);
        return new FigureHistory(TimeSpan.FromSeconds((int)step), from, to, [.. rows.Select(Point)]);
    }

    private static HistoryPoint Point(FigureRow row) => new()
    {
        At = DateTimeOffset.FromUnixTimeSeconds(row.Slot),
        Seconds = (int)row.Figures.Seconds,
        Received = row.Figures.Received,
        Confirmed = row.Figures.Confirmed,
        Bytes = row.Figures.Bytes,
        Open = row.Figures.Open,
        LatencyP50 = Milliseconds(row.Figures.P50),
        LatencyP95 = Milliseconds(row.Figures.P95),
        LatencyP99 = Milliseconds(row.Figures.P99),
        DeadLettered = row.Figures.DeadLettered,
        Discarded = row.Figures.Discarded,
        Expired = row.Figures.Expired,
        Abandoned = row.Figures.Abandoned,
        Reconnects = row.Figures.Reconnects,
    };

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;

    private static double? Milliseconds(long? microseconds) => microseconds is { } value ? value / 1_000.0 : null;
}
