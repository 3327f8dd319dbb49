namespace Portal.Client.Contracts;

/// <summary>One MQTT client of one of this server's tasks, as observed.</summary>
public sealed record ClientLine
{
    /// <summary>The task that it belongs to.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its name.</summary>
    public required string TaskName { get; init; }

    /// <summary>The connection that it signs in with.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>Its name.</summary>
    public required string ConnectionName { get; init; }

    /// <summary>The user name that it signs in with; empty for none.</summary>
    public string UserName { get; init; } = "";

    /// <summary>Code of the region.</summary>
    public required string Region { get; init; }

    /// <summary>What is observed of the client.</summary>
    public required TaskClientLive Client { get; init; }
}

/// <summary>The MQTT clients of all tasks. Other clients of a broker are not known to this server.</summary>
public interface IClientService
{
    /// <summary>A page of the list, by what is observed now. <see cref="ListQuery.Search"/> looks into client id and host.</summary>
    Task<ListPage<ClientLine>> ListAsync(ListQuery query, CancellationToken cancellationToken);
}
