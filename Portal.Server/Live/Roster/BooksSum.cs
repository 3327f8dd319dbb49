using Portal.Client.Contracts;
using Portal.Engine.Pipelines;

namespace Portal.Server.Live.Roster;

/// <summary>The books of a task are the sum over its runs.</summary>
internal static class BooksSum
{
    public static TaskBooks Plus(this TaskBooks sum, in PipelineBooks run) => new(
        sum.Received + run.Received,
        sum.Delivered + run.Delivered,
        sum.DeadLettered + run.DeadLettered,
        sum.Filtered + run.Filtered,
        sum.Expired + run.Expired,
        sum.Discarded + run.Discarded,
        sum.Abandoned + run.Abandoned,
        sum.Open + run.Open,
        sum.Twins + run.Twins);

    /// <summary>What was open when a run ended without settling it was abandoned with its sessions: the broker sends it again.</summary>
    public static PipelineBooks Closed(this in PipelineBooks run) => run with { Abandoned = run.Abandoned + run.Open, Open = 0 };
}
