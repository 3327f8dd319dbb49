using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api;

/// <summary>The caller's half-filled forms: to be seen and cleared away. They are filled in on the pages.</summary>
internal static class DraftsApi
{
    public static void MapDrafts(this RouteGroupBuilder api)
    {
        var drafts = api.MapGroup("/drafts");
        drafts.MapGet("/", async (IDraftService service, CancellationToken cancellationToken) =>
        {
            var tasks = await service.ListAsync(DraftKind.ConnectorTask, cancellationToken);
            var connections = await service.ListAsync(DraftKind.Connection, cancellationToken);
            return Results.Json(tasks.Concat(connections).OrderByDescending(draft => draft.SavedAt), ApiJson.Options);
        });
        drafts.MapDelete("/{id}", async (string id, IDraftService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DeleteAsync(id, cancellationToken)));
    }
}
