using Portal.Client.Contracts;
using Portal.Server.Data.Entities;

namespace Portal.Server.Clusters;

/// <summary>What pages see of the rows: everything but the secrets.</summary>
internal static class ClusterViews
{
    public static MqttClusterView Of(MqttCluster row, int connections) => new()
    {
        Id = row.Id,
        Revision = row.Revision,
        Name = row.Name,
        Region = row.Region,
        Kind = row.Kind,
        Version = row.Version,
        Endpoints = row.Endpoints,
        CaPem = row.CaPem,
        ClientCertificatePem = row.ClientCertificatePem,
        HasClientKey = row.ClientKey is not null,
        ServerName = row.ServerName,
        MinimumTls = row.MinimumTls,
        Description = row.Description,
        Connections = connections,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    public static KafkaInstanceView Of(KafkaInstance row, int tasks) => new()
    {
        Id = row.Id,
        Revision = row.Revision,
        Name = row.Name,
        Region = row.Region,
        IsEmbedded = row.IsEmbedded,
        BootstrapServers = row.BootstrapServers,
        Security = row.Security,
        Mechanism = row.Mechanism,
        UserName = row.UserName,
        HasPassword = row.Password is not null,
        CaPem = row.CaPem,
        ClientCertificatePem = row.ClientCertificatePem,
        HasClientKey = row.ClientKey is not null,
        Description = row.Description,
        Tasks = tasks,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };
}
