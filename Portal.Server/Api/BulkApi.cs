using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Actions on many. With <c>dryRun=true</c> only what would be done.</summary>
internal static class BulkApi
{
    public static void MapBulk(this RouteGroupBuilder api)
    {
        api.MapPost("/tasks/bulk/{action}", async (BulkAction action, JsonBody<BulkSelection> selection, IBulkService service, CancellationToken cancellationToken, bool dryRun = false) =>
            dryRun
                ? Of(await service.ReviewTasksAsync(action, selection.Value, cancellationToken))
                : ApiResults.Of(await service.RunTasksAsync(action, selection.Value, cancellationToken)));
        api.MapPost("/connections/bulk/{action}", async (BulkAction action, JsonBody<BulkSelection> selection, IBulkService service, CancellationToken cancellationToken, bool dryRun = false) =>
            dryRun
                ? Of(await service.ReviewConnectionsAsync(action, selection.Value, cancellationToken))
                : ApiResults.Of(await service.RunConnectionsAsync(action, selection.Value, cancellationToken)));
        api.MapPost("/clients/bulk/{action}", async (BulkAction action, JsonBody<BulkSelection> selection, IBulkService service, CancellationToken cancellationToken, bool dryRun = false) =>
            dryRun
                ? Of(await service.ReviewClientsAsync(action, selection.Value, cancellationToken))
                : ApiResults.Of(await service.RunClientsAsync(action, selection.Value, cancellationToken)));
    }

    private static IResult Of(BulkReview review) => review.Refusal is { } refusal ? ApiResults.Of(refusal) : Results.Json(review, ApiJson.Options);
}
