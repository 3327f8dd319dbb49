namespace Portal.Server.Data.Entities;

/// <summary>What is registered under Clusters: an MQTT cluster or a Kafka instance.</summary>
internal interface ICluster : IRevised
{
    string Id { get; }

    string Name { get; }

    string Region { get; }

    /// <summary>The sandbox's own: its address is written anew at each start.</summary>
    bool IsEmbedded { get; }

    DateTimeOffset UpdatedAt { get; set; }

    /// <summary>
    /// When a person last changed what one connects with: address, protocol, trust, credentials. Null while it is as registered. A check from
    /// before says nothing of it any more; another name or description spoils none.
    /// </summary>
    DateTimeOffset? AddressChangedAt { get; set; }
}
