using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>Sessions that a change of a task left at a broker, and that no running client uses: to be drained at the next contact.</summary>
internal sealed class OwedSession
{
    public long Id { get; init; }

    public required string TaskId { get; init; }

    /// <summary>What they were started with: connection, topics, protocol and target.</summary>
    public required ConnectorTaskDraft Settings { get; init; }

    /// <summary>The broker that holds them; the cluster may have other endpoints by now.</summary>
    public required IReadOnlyList<ClusterEndpoint> Endpoints { get; init; }

    /// <summary>The first of the clients, by index; those up to the number in the settings are owed.</summary>
    public int FirstClient { get; set; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Why they could not be ended at the last attempt, in words.</summary>
    public required string Cause { get; set; }

    public DateTimeOffset TriedAt { get; set; }
}
