using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api;

/// <summary>The caller's half-filled forms: to be seen and cleared away. They are filled in on the pages.</summary>
internal static class DraftsApi
{
    public static void MapDrafts(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/drafts");
        group.MapGet("/", async (IDraftService service, CancellationToken cancellationToken) =>
        {
            var drafts = new List<DraftSummary>();
            foreach (var kind in Enum.GetValues<DraftKind>())
            {
                drafts.AddRange(await service.ListAsync(kind, cancellationToken));
            }

            return Results.Json(drafts.OrderByDescending(draft => draft.SavedAt), ApiJson.Options);
        });
        group.MapDelete("/{id}", async (string id, IDraftService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DeleteAsync(id, cancellationToken)));
    }
}
