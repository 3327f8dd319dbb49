using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>What a user asks for. What is observed of it never comes here, but for the books of its runs.</summary>
internal sealed class ConnectorTask : IRevised
{
    public required string Id { get; init; }

    public long Revision { get; set; } = 1;

    /// <summary>Copied out of <see cref="Settings"/> for search and uniqueness.</summary>
    public required string Name { get; set; }

    /// <summary>Copied out of <see cref="Settings"/> for the foreign key.</summary>
    public required string ConnectionId { get; set; }

    /// <summary>Copied out of <see cref="Settings"/> for the foreign key.</summary>
    public required string KafkaInstanceId { get; set; }

    public required ConnectorTaskDraft Settings { get; set; }

    public AskedState Asked { get; set; }

    /// <summary>
    /// The settings that its clients were last started with, stored before the start: what the broker may still hold sessions and
    /// subscriptions for. While a change drains, and as long as it could not end all that it should, clients and topics of the former
    /// settings are among them. Null when it holds nothing. What runs with older settings than those stored is observed, and not kept here.
    /// </summary>
    public ConnectorTaskDraft? StartedSettings { get; set; }

    /// <summary>Where <see cref="StartedSettings"/> were started: a cluster whose endpoints were edited is another broker. Null where it was not written down.</summary>
    public IReadOnlyList<ClusterEndpoint>? StartedEndpoints { get; set; }

    /// <summary>
    /// The settings with which it ran well, as long as it has not been seen to run with what is asked: the way back, also of a server that starts
    /// anew. The task's own only: connection, cluster and instance are taken as they are then. Null when it runs with what is asked, and while it
    /// is paused.
    /// </summary>
    public ConnectorTaskDraft? FormerSettings { get; set; }

    /// <summary>While paused: until when the broker keeps the sessions, as granted; null when that is not known.</summary>
    public DateTimeOffset? SessionsKeptUntil { get; set; }

    /// <summary>Set before the engine begins to end its sessions, so that a crash in the middle is taken up again.</summary>
    public DateTimeOffset? DeletingSince { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset UpdatedAt { get; set; }

    public Connection Connection { get; init; } = null!;

    public KafkaInstance KafkaInstance { get; init; } = null!;
}
