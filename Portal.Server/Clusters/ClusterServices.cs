using Portal.Client.Contracts;
using Portal.Server.Connections;
using Portal.Server.Connections.Probing;

namespace Portal.Server.Clusters;

internal static class ClusterServices
{
    /// <summary>Regions, MQTT clusters, Kafka instances and connections. Scoped, since each knows who acts.</summary>
    public static WebApplicationBuilder AddConnections(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<BrokerSpecs>();
        // For all scopes: a page that was loaded anew saves what was tested before it.
        builder.Services.AddSingleton<PassedTests>();
        builder.Services.AddScoped<ClusterCommandParts>();
        builder.Services.AddScoped<MqttClusterCommands>();
        builder.Services.AddScoped<KafkaInstanceCommands>();
        builder.Services.AddScoped<IClusterService, ClusterService>();
        builder.Services.AddSingleton<TaskReports>();
        builder.Services.AddSingleton<ConnectionQueries>();
        builder.Services.AddSingleton<ClusterHealths>();
        builder.Services.AddScoped<ConnectionProbe>();
        builder.Services.AddScoped<IConnectionService, ConnectionService>();
        builder.Services.AddScoped<IConnectionHistory, ConnectionHistory>();
        return builder;
    }
}
