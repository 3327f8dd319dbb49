using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Topics of Kafka instances, and the records in them.</summary>
internal static class TopicsApi
{
    public static void MapTopics(this RouteGroupBuilder api)
    {
        var topics = api.MapGroup("/kafka-instances/{id}/topics");
        topics.MapGet("/", async (string id, ITopicService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.ListAsync(id, cancellationToken)));
        topics.MapPost("/", async (string id, JsonBody<TopicDraft> draft, ITopicService service, CancellationToken cancellationToken) =>
            ApiResults.Created(await service.CreateAsync(id, draft.Value, cancellationToken), $"kafka-instances/{id}/topics"));
        topics.MapGet("/{topic}/records", async (string id, string topic, ITopicService service, CancellationToken cancellationToken, int? partition = null, int count = 20) =>
            ApiResults.Of(await service.ReadAsync(id, topic, new RecordQuery { Partition = partition, Count = count }, cancellationToken)));
        topics.MapGet("/{topic}/records/{partition:int}/{offset:long}", async (string id, string topic, int partition, long offset, ITopicService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.FindAsync(id, topic, partition, offset, cancellationToken)));
        topics.MapGet("/{topic}/records/{partition:int}/{offset:long}/value", async (string id, string topic, int partition, long offset, ITopicService service, CancellationToken cancellationToken) =>
            await service.FindAsync(id, topic, partition, offset, cancellationToken) is var result && result.Value is { } record
                ? Results.File(record.Value ?? [], "application/octet-stream", $"{topic}-{partition}-{offset}.bin")
                : ApiResults.Of(result));
    }
}
