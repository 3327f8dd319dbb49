using Portal.Engine.Specs;

namespace Portal.Engine.Pipelines;

/// <summary>What becomes of the broker's sessions of a pipeline that is replaced by another of the same id.</summary>
internal static class SessionFate
{
    /// <summary>
    /// A client that goes on at the same broker, in the same group with at least the same filters, keeps its session. Every other session
    /// is drained and ended: left alone it would go on drawing messages of the group that nobody comes for.
    /// </summary>
    public static RetireMode Of(PipelineSpec old, PipelineSpec next, int index) =>
        next.Clients.Contains(index)
        && old.Source.Group.Name == next.Source.Group.Name
        && old.Source.Group.Filters.All(next.Source.Group.Filters.Contains)
        && old.Source.CleanSession == next.Source.CleanSession
        && old.Source.Broker.Protocol == next.Source.Broker.Protocol
        && old.Source.Broker.Endpoints.Any(endpoint => next.Source.Broker.Endpoints.Any(other => other.Host == endpoint.Host && other.Port == endpoint.Port))
            ? RetireMode.KeepSessions
            : RetireMode.EndSessions;
}
