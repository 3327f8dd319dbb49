using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Connections;
using Portal.Server.Data;
using Portal.Server.History;

namespace Portal.Server.Overview;

/// <summary>What the overview needs of the database, for one region or all, as it was when it was read.</summary>
internal sealed record StoredFactsOfRegion
{
    public required DateTimeOffset ReadAt { get; init; }

    public required IReadOnlyDictionary<string, string> TaskNames { get; init; }

    public required IReadOnlyList<AttentionItem> BrokenConnections { get; init; }

    public required int Unreachable { get; init; }

    public required int Connections { get; init; }

    public required int KafkaInstances { get; init; }

    public required long DeadLetters { get; init; }

    public required IReadOnlyList<(string TaskId, long Count)> Failures { get; init; }
}

/// <summary>Reads that at most every ten seconds for each region, however many look at the overview.</summary>
internal sealed class StoredFacts(IDbContextFactory<PortalDb> databases, ConnectionQueries queries, FigureStore figures, TimeProvider time)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(10);

    // Anybody may ask for any word as a region; what does not exist must not stay in memory for ever.
    private const int MostKnown = 100;

    private readonly ConcurrentDictionary<string, Lazy<Task<StoredFactsOfRegion>>> _known = new();

    public async Task<StoredFactsOfRegion> ReadAsync(string? region, CancellationToken cancellationToken)
    {
        var key = region ?? "";
        if (_known.Count >= MostKnown && !_known.ContainsKey(key))
        {
            _known.Clear();
        }

        var reading = _known.GetOrAdd(key, Begin);
        if (reading.Value.IsFaulted || (reading.Value.IsCompletedSuccessfully && time.GetUtcNow() - (await reading.Value).ReadAt >= GoodFor))
        {
            var again = Begin(key);
            reading = _known.TryUpdate(key, again, reading) ? again : _known.GetOrAdd(key, again);
        }

        return await reading.Value.WaitAsync(cancellationToken);
    }

    // Without the token of whoever asks first: others wait for the same answer.
    private Lazy<Task<StoredFactsOfRegion>> Begin(string key) => new(() => FromDatabaseAsync(key.Length == 0 ? null : key));

    private async Task<StoredFactsOfRegion> FromDatabaseAsync(string? region)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        var tasks = db.ConnectorTasks.AsNoTracking().Where(task => region == null || task.Connection.MqttCluster.Region == region);
        var names = await tasks.Select(task => new { task.Id, task.Name }).ToDictionaryAsync(task => task.Id, task => task.Name);
        var connections = db.Connections.AsNoTracking().Where(one => region == null || one.MqttCluster.Region == region);
        var broken = await queries.MatchingAsync(db, new ListQuery { Region = region, Status = [nameof(ConnectionStatus.Abnormal), nameof(ConnectionStatus.ChangeFailed)] }, CancellationToken.None);
        var series = region is null ? FigureStore.Everything : FigureStore.OfRegion(region);
        var day = await figures.ReadAsync(series, FigureStep.OneMinute, now - TimeSpan.FromHours(24), now, CancellationToken.None);
        return new StoredFactsOfRegion
        {
            ReadAt = now,
            TaskNames = names,
            Unreachable = broken.Count,
            // Those whose tasks go on trying stand there by their tasks.
            BrokenConnections = broken.FindAll(one => one.NeedsYou).ConvertAll(one => new AttentionItem(one.Id, one.Name, null, one.Status, one.Cause ?? "", one.CheckedAt, OperationId: one.OperationId)),
            Connections = await connections.CountAsync(),
            KafkaInstances = await db.KafkaInstances.CountAsync(one => region == null || one.Region == region),
            DeadLetters = day.Sum(row => row.Figures.DeadLettered),
            Failures = await figures.FailuresAsync(now - TimeSpan.FromHours(1), CancellationToken.None),
        };
    }
}
