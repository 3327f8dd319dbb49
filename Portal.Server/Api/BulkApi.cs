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
            dryRun && IsClear(selection.Value)
                ? Results.Json(await service.ReviewTasksAsync(action, selection.Value, cancellationToken), ApiJson.Options)
                : ApiResults.Of(await service.RunTasksAsync(action, selection.Value, cancellationToken)));
        api.MapPost("/connections/bulk/{action}", async (BulkAction action, JsonBody<BulkSelection> selection, IBulkService service, CancellationToken cancellationToken, bool dryRun = false) =>
            dryRun && IsClear(selection.Value)
                ? Results.Json(await service.ReviewConnectionsAsync(action, selection.Value, cancellationToken), ApiJson.Options)
                : ApiResults.Of(await service.RunConnectionsAsync(action, selection.Value, cancellationToken)));
        api.MapPost("/clients/bulk/{action}", async (BulkAction action, JsonBody<BulkSelection> selection, IBulkService service, CancellationToken cancellationToken, bool dryRun = false) =>
            dryRun && IsClear(selection.Value)
                ? Results.Json(await service.ReviewClientsAsync(action, selection.Value, cancellationToken), ApiJson.Options)
                : ApiResults.Of(await service.RunClientsAsync(action, selection.Value, cancellationToken)));
    }

    // What is not clear is refused by the order itself, in words; it never does anything.
    private static bool IsClear(BulkSelection selection) => (selection.Ids is null) != (selection.Query is null);
}
