using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Live;

namespace Portal.Server.Overview;

/// <summary>Adds up what the feed knows of all tasks, and puts names to it.</summary>
internal sealed class OverviewService(LiveFeed feed, StoredFacts stored, IDbContextFactory<PortalDb> databases) : IOverviewService
{
    private const int MostItems = 10;
    private const int MostTop = 5;

    private static readonly string[] SubjectsShown = ["task", "connection", "operation", "MQTT cluster", "Kafka instance"];

    public async Task<OverviewView> ReadAsync(string? region, CancellationToken cancellationToken)
    {
        var facts = await stored.ReadAsync(string.IsNullOrEmpty(region) ? null : region, cancellationToken);
        var tasks = feed.Tasks.All().Where(live => facts.TaskNames.ContainsKey(live.Id)).ToList();
        var needsYou = tasks.Where(NeedsYou).OrderBy(live => live.Status).ThenBy(live => live.Since).Select(Item)
            .Concat(facts.BrokenConnections).ToList();
        var recovering = tasks.Where(RecoversByItself).OrderBy(live => live.Status).ThenBy(live => live.Since).ToList();
        return new OverviewView
        {
            Tasks = tasks.GroupBy(live => live.Status).ToDictionary(group => group.Key, group => group.Count()),
            InPerSecond = tasks.Sum(live => live.InPerSecond),
            OutPerSecond = tasks.Sum(live => live.OutPerSecond),
            Open = tasks.Sum(live => live.Books.Open),
            OldestOpen = tasks.Max(live => live.OldestOpen),
            Unaccounted = tasks.Sum(live => live.Books.Unaccounted),
            DeadLetters = facts.DeadLetters,
            Connections = facts.Connections,
            Unreachable = facts.Unreachable,
            KafkaInstances = facts.KafkaInstances,
            NeedsYou = [.. needsYou.Take(MostItems)],
            NeedsYouCount = needsYou.Count,
            Recovering = [.. recovering.Take(MostItems).Select(Item)],
            RecoveringCount = recovering.Count,
            Busiest = Top(live => live.InPerSecond),
            Backlogged = Top(live => live.Books.Open),
            Failing = [.. facts.Failures.Where(one => facts.TaskNames.ContainsKey(one.TaskId)).Take(MostTop).Select(one => new TopTask(one.TaskId, facts.TaskNames[one.TaskId], one.Count))],
        };

        AttentionItem Item(ConnectorTaskLive live) =>
            new(live.Id, facts.TaskNames[live.Id], live.Status, null, live.Cause ?? "No cause is known.", live.Since, live.NextAttemptAt);

        IReadOnlyList<TopTask> Top(Func<ConnectorTaskLive, double> value) =>
        [
            .. tasks.Where(live => value(live) > 0).OrderByDescending(value).ThenBy(live => live.Id, StringComparer.Ordinal).Take(MostTop)
                .Select(live => new TopTask(live.Id, facts.TaskNames[live.Id], value(live))),
        ];
    }

    public async Task<IReadOnlyList<RecentChange>> ChangesAsync(DateTimeOffset since, int count, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var entries = await db.AuditEntries.AsNoTracking()
            .Where(entry => entry.At >= since && entry.Result == AuditTrail.Done && SubjectsShown.Contains(entry.ObjectKind))
            .OrderByDescending(entry => entry.Id)
            .Take(Math.Clamp(count, 1, 200))
            .ToListAsync(cancellationToken);
        return
        [
            .. entries.Select(entry => new RecentChange(
                entry.At, entry.Actor, $"{Past(entry.Action)} {entry.ObjectKind} {entry.ObjectName}".TrimEnd(), entry.ObjectId, entry.Action is "delete" or "remove")),
        ];
    }

    private static bool NeedsYou(ConnectorTaskLive live) => live.NeedsYou || live.Status == ConnectorTaskStatus.Failed;

    private static bool RecoversByItself(ConnectorTaskLive live) =>
        !NeedsYou(live) && live.Status is ConnectorTaskStatus.Blocked or ConnectorTaskStatus.Recovering or ConnectorTaskStatus.Degraded;

    // Audit entries hold verbs as commands: "restart", "change", "disconnect a client of".
    private static string Past(string action)
    {
        var verb = action.Split(' ')[0];
        var past = verb switch
        {
            "" => "Changed",
            _ when verb.EndsWith('e') => $"{verb}d",
            "retry" => "retried",
            "give" => "gave",
            "cancel" => "cancelled",
            _ => $"{verb}ed",
        };
        return char.ToUpperInvariant(past[0]) + past[1..] + action[verb.Length..];
    }
}
