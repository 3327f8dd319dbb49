using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Regions, MQTT clusters and Kafka instances.</summary>
internal static class ClustersApi
{
    public static void MapClusters(this RouteGroupBuilder api)
    {
        api.MapGet("/regions", async (IClusterService service, CancellationToken cancellationToken) =>
            Results.Json(await service.RegionsAsync(cancellationToken), ApiJson.Options));
        api.MapGet("/cluster-health", async (IClusterService service, CancellationToken cancellationToken) =>
            Results.Json(await service.HealthAsync(cancellationToken), ApiJson.Options));
        MapMqtt(api.MapGroup("/mqtt-clusters"));
        MapKafka(api.MapGroup("/kafka-instances"));
    }

    private static void MapMqtt(RouteGroupBuilder clusters)
    {
        clusters.MapGet("/", async (IClusterService service, CancellationToken cancellationToken, string? region = null) =>
            Results.Json(await service.MqttClustersAsync(region, cancellationToken), ApiJson.Options));
        clusters.MapGet("/{id}", async (string id, IClusterService service, CancellationToken cancellationToken) =>
            ApiResults.Found((await service.MqttClustersAsync(null, cancellationToken)).FirstOrDefault(cluster => cluster.Id == id), "MQTT cluster"));
        clusters.MapPost("/", async (JsonBody<MqttClusterDraft> draft, IClusterService service, CancellationToken cancellationToken) =>
            ApiResults.Created(await service.SaveMqttClusterAsync(null, 0, draft.Value, restartTasks: false, cancellationToken), "mqtt-clusters"));
        clusters.MapPut("/{id}", async (string id, SeenRevision revision, JsonBody<MqttClusterDraft> draft, IClusterService service, CancellationToken cancellationToken, bool restartTasks = true) =>
            ApiResults.Of(await service.SaveMqttClusterAsync(id, revision.Value, draft.Value, restartTasks, cancellationToken)));
        clusters.MapDelete("/{id}", async (string id, SeenRevision revision, IClusterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RemoveMqttClusterAsync(id, revision.Value, cancellationToken)));
        clusters.MapPost("/test", (JsonBody<MqttClusterDraft> draft, IClusterService service, CancellationToken cancellationToken, string? id = null) =>
            new JsonLines<ValidationReport>(service.TestMqttClusterAsync(id, draft.Value, cancellationToken)));
        clusters.MapGet("/{id}/connections", async (string id, IConnectionService service, CancellationToken cancellationToken) =>
            Results.Json(await service.OfClusterAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireMqttCluster);
        clusters.MapGet("/{id}/last-sign-in", async (string id, IConnectionHistory history, CancellationToken cancellationToken) =>
            ApiResults.Found(await history.LastSignInAsync(id, cancellationToken), "sign-in: no test of a connection has got so far at this MQTT cluster"));
        clusters.MapGet("/{id}/tasks", async (string id, IClusterService service, CancellationToken cancellationToken) =>
            Results.Json(await service.DependentTasksAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireMqttCluster);
    }

    private static void MapKafka(RouteGroupBuilder instances)
    {
        instances.MapGet("/", async (IClusterService service, CancellationToken cancellationToken, string? region = null) =>
            Results.Json(await service.KafkaInstancesAsync(region, cancellationToken), ApiJson.Options));
        instances.MapGet("/{id}", async (string id, IClusterService service, CancellationToken cancellationToken) =>
            ApiResults.Found((await service.KafkaInstancesAsync(null, cancellationToken)).FirstOrDefault(instance => instance.Id == id), "Kafka instance"));
        instances.MapPost("/", async (JsonBody<KafkaInstanceDraft> draft, IClusterService service, CancellationToken cancellationToken) =>
            ApiResults.Created(await service.SaveKafkaInstanceAsync(null, 0, draft.Value, restartTasks: false, cancellationToken), "kafka-instances"));
        instances.MapPut("/{id}", async (string id, SeenRevision revision, JsonBody<KafkaInstanceDraft> draft, IClusterService service, CancellationToken cancellationToken, bool restartTasks = true) =>
            ApiResults.Of(await service.SaveKafkaInstanceAsync(id, revision.Value, draft.Value, restartTasks, cancellationToken)));
        instances.MapDelete("/{id}", async (string id, SeenRevision revision, IClusterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RemoveKafkaInstanceAsync(id, revision.Value, cancellationToken)));
        instances.MapPost("/test", (JsonBody<KafkaInstanceDraft> draft, IClusterService service, CancellationToken cancellationToken, string? id = null) =>
            new JsonLines<ValidationReport>(service.TestKafkaInstanceAsync(id, draft.Value, cancellationToken)));
        instances.MapGet("/{id}/checks", async (string id, IClusterService service, CancellationToken cancellationToken, int count = 20) =>
            ApiResults.Found(await service.KafkaChecksAsync(id, count, cancellationToken), "Kafka instance"));
        instances.MapGet("/{id}/tasks", async (string id, IClusterService service, CancellationToken cancellationToken) =>
            Results.Json(await service.DependentTasksAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireKafkaInstance);
    }
}
