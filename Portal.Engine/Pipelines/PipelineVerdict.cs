using Portal.Engine.Sinks;
using Portal.Engine.Sources;

namespace Portal.Engine.Pipelines;

/// <summary>What a pipeline's parts add up to.</summary>
/// <param name="Status">In one word.</param>
/// <param name="Cause">Why, in words; null while all is well.</param>
/// <param name="NeedsYou">Whether a person must act.</param>
/// <param name="Attempt">While recovering; while blocked, where the sink itself makes attempts.</param>
/// <param name="NextAttemptAt">The same.</param>
/// <param name="AttemptsAllowed">After so many attempts nothing more is tried; 0 when there is no such limit.</param>
internal sealed record PipelineVerdict(
    PipelineStatus Status, string? Cause = null, bool NeedsYou = false, int Attempt = 0, DateTimeOffset? NextAttemptAt = null, int AttemptsAllowed = 0)
{
    /// <summary>
    /// A fault that an automatic restart follows, then the stop that was ordered, then any other fault, then Kafka, then the clients. A pipeline
    /// that was told to end has not failed: what comes next was ordered, whatever happens to it on the way.
    /// </summary>
    public static PipelineVerdict Of(PipelineFault? fault, bool draining, SinkState sink, IReadOnlyList<ClientStanding> clients)
    {
        if (fault is { Plan: { } plan })
        {
            return new PipelineVerdict(PipelineStatus.Recovering, fault.Text, false, plan.Number, draining ? null : plan.At, plan.Of);
        }

        if (draining)
        {
            return new PipelineVerdict(PipelineStatus.Draining, "It finishes what is open and ends.");
        }

        if (fault is not null)
        {
            return new PipelineVerdict(PipelineStatus.Failed, fault.Text, NeedsYou: true);
        }

        if (sink.Condition != SinkCondition.Ready)
        {
            return new PipelineVerdict(
                PipelineStatus.Blocked,
                sink.Cause ?? "Kafka does not answer.",
                sink.Condition == SinkCondition.Refused,
                sink.Attempt,
                sink.NextAttemptAt);
        }

        var online = clients.Count(client => client.Status == TaskClientStatus.Online);
        return online == 0 ? OfNoClient(clients) : OfClients(clients, online);
    }

    private static PipelineVerdict OfNoClient(IReadOnlyList<ClientStanding> clients)
    {
        var needsYou = clients.Any(client => client.NeedsYou);
        var trouble = clients.Select(client => client.Trouble).FirstOrDefault(text => text is not null);
        if (trouble is null && !clients.Any(client => client.WasOnline))
        {
            return new PipelineVerdict(PipelineStatus.Starting, "Its clients connect for the first time.");
        }

        return new PipelineVerdict(
            PipelineStatus.Recovering,
            trouble ?? "No client is connected.",
            needsYou,
            clients.Max(client => client.Attempt) + 1,
            clients.Min(client => client.NextAttemptAt));
    }

    private static PipelineVerdict OfClients(IReadOnlyList<ClientStanding> clients, int online)
    {
        var trouble = clients.Select(client => client.Trouble).FirstOrDefault(text => text is not null);
        var needsYou = clients.Any(client => client.NeedsYou);
        if (online < clients.Count)
        {
            // The other clients' first connect is no trouble yet.
            return trouble is null
                ? new PipelineVerdict(PipelineStatus.Starting, $"{online} of {clients.Count} clients are connected.")
                : new PipelineVerdict(
                    PipelineStatus.Degraded,
                    $"{online} of {clients.Count} clients are connected. {trouble}",
                    needsYou,
                    clients.Max(client => client.Attempt),
                    clients.Min(client => client.NextAttemptAt));
        }

        var shortfall = clients.FirstOrDefault(client => client is { Status: TaskClientStatus.Online, Trouble: not null })?.Trouble;
        return shortfall is null
            ? new PipelineVerdict(PipelineStatus.Running)
            : new PipelineVerdict(PipelineStatus.Degraded, shortfall, needsYou);
    }
}
