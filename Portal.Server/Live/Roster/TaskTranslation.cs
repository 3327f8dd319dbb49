using Portal.Client.Contracts;
using Portal.Engine.Pipelines;

namespace Portal.Server.Live.Roster;

/// <summary>From what the server knows and the engine's photo to what pages and the hub show.</summary>
internal static class TaskTranslation
{
    public static ConnectorTaskLive Of(RosterEntry entry, PipelineSnapshot? photo, DateTimeOffset now)
    {
        var live = (photo is null ? WithoutPipeline(entry, now) : WithPipeline(entry, photo)) with { OwedSessions = entry.OwedSessions };
        live = live with { Backlog = entry.Queue?.Waiting, BacklogLimit = entry.Queue?.Limit, OutageBudgetSeconds = OutageBudget.Of(entry.Queue, live.InPerSecond, live.SessionExpirySeconds) };
        return entry.Command is { } command
            ? live with
            {
                Status = command.Status,
                Since = command.Since,
                Cause = live.Cause ?? entry.Trouble?.Text,
                // Every other command goes on by itself, whatever was told before it.
                NeedsYou = command.Status == ConnectorTaskStatus.Deleting && entry.Trouble?.NeedsYou == true,
            }
            : live;
    }

    /// <summary>Whether both would look the same to a person. When it was observed does not count: nothing else may have happened since.</summary>
    public static bool SameAs(this ConnectorTaskLive one, ConnectorTaskLive other) =>
        one with { ObservedAt = other.ObservedAt, Warnings = other.Warnings, Discards = other.Discards } == other
        && one.Warnings.SequenceEqual(other.Warnings)
        && one.Discards.Count == other.Discards.Count
        && one.Discards.All(pair => other.Discards.TryGetValue(pair.Key, out var count) && count == pair.Value);

    private static ConnectorTaskLive WithoutPipeline(RosterEntry entry, DateTimeOffset now) => new()
    {
        Id = entry.Id,
        Status = entry switch
        {
            { Asked: AskedState.Paused } => ConnectorTaskStatus.Paused,
            { Trouble.NeedsYou: true } => ConnectorTaskStatus.Failed,
            { Trouble: not null } => ConnectorTaskStatus.Recovering,
            _ => ConnectorTaskStatus.Starting,
        },
        Since = entry.Asked == AskedState.Paused ? entry.AskedAt : entry.Trouble?.Since ?? entry.AskedAt,
        Cause = entry.Asked == AskedState.Running ? entry.Trouble?.Text : null,
        NeedsYou = entry is { Asked: AskedState.Running, Trouble.NeedsYou: true },
        Warnings = entry is { Asked: AskedState.Paused, Trouble: { } owed } ? [owed.Text] : [],
        SessionsKeptUntil = entry.Asked == AskedState.Paused ? entry.SessionsKeptUntil : null,
        ClientsAsked = entry.Clients,
        Books = entry.Books,
        ObservedAt = now,
    };

    // The automatic restart of what failed is due and cannot be carried out before somebody acts. Of settings that were given up he was told before.
    private static bool IsStuck(RosterEntry entry, PipelineSnapshot photo) =>
        photo is { AttemptsAllowed: > 0, NextAttemptAt: null }
        && entry is { Asked: AskedState.Running, Trouble: { NeedsYou: true } trouble }
        && trouble.Text != entry.GivenUp?.Why;

    private static ConnectorTaskLive WithPipeline(RosterEntry entry, PipelineSnapshot photo) => new()
    {
        Id = entry.Id,
        Status = photo.Status switch
        {
            _ when IsStuck(entry, photo) => ConnectorTaskStatus.Failed,
            PipelineStatus.Draining => entry.Asked == AskedState.Paused ? ConnectorTaskStatus.Pausing : ConnectorTaskStatus.Restarting,
            _ when entry.Asked == AskedState.Paused => ConnectorTaskStatus.Pausing,
            PipelineStatus.Starting => ConnectorTaskStatus.Starting,
            PipelineStatus.Running => ConnectorTaskStatus.Running,
            PipelineStatus.Degraded => ConnectorTaskStatus.Degraded,
            PipelineStatus.Recovering => ConnectorTaskStatus.Recovering,
            PipelineStatus.Blocked => ConnectorTaskStatus.Blocked,
            // It goes back to its former settings at the next look.
            _ when entry.Former is not null => ConnectorTaskStatus.Recovering,
            _ => ConnectorTaskStatus.Failed,
        },
        Since = photo.Since,
        Cause = photo.Cause,
        NeedsYou = (photo.NeedsYou && entry.Former is null) || IsStuck(entry, photo),
        Attempt = photo.Attempt,
        AttemptsAllowed = photo.AttemptsAllowed,
        IsThrottled = photo.IsThrottled,
        SessionExpirySeconds = ExpiryOf(photo),
        NextAttemptAt = photo.NextAttemptAt,
        // What could not be applied does not stop what runs.
        Warnings = entry.Trouble is { } trouble ? [.. photo.Warnings, trouble.Text] : photo.Warnings,
        RestartToApply = entry.RestartToApply,
        InPerSecond = Math.Round(photo.InPerSecond, 1),
        OutPerSecond = Math.Round(photo.OutPerSecond, 1),
        ClientsOnline = photo.Clients.Count(client => client.Status == TaskClientStatus.Online),
        ClientsAsked = entry.Clients,
        Books = entry.Books,
        Discards = photo.Discards.Count == 0 ? NoDiscards : photo.Discards.ToDictionary(discard => discard.Reason, discard => discard.Count),
        Window = photo.Window,
        OldestOpen = photo.OldestOpen,
        LatencyP50 = Rounded(photo.Latency.P50),
        LatencyP95 = Rounded(photo.Latency.P95),
        LatencyP99 = Rounded(photo.Latency.P99),
        PublishLatencyP50 = Rounded(photo.PublishLatency.P50),
        PublishLatencyP95 = Rounded(photo.PublishLatency.P95),
        PublishLatencyP99 = Rounded(photo.PublishLatency.P99),
        RunStartedAt = photo.StartedAt,
        ObservedAt = photo.TakenAt,
    };

    // The shortest counts: what one client does not keep is lost.
    private static long? ExpiryOf(PipelineSnapshot photo) =>
        photo.Clients.All(client => client.ConnectedAt is not null) ? (long?)photo.Clients.Min(client => client.SessionExpiry)?.TotalSeconds : null;

    private static readonly Dictionary<string, long> NoDiscards = [];

    // Finer steps would make every photo of a quiet task another one.
    public static double? Rounded(double? milliseconds) => milliseconds is { } value ? Math.Round(value, 1) : null;
}
