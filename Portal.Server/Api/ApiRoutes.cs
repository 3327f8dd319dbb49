using Portal.Server.Api.Answers;
using Portal.Server.Api.Exports;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

internal static class ApiRoutes
{
    public const string Root = "/api/v1";

    /// <summary>
    /// The second door to the services: everything that a page can do, as JSON. Who may do what is decided in the services. Described for
    /// people in docs/api.md.
    /// </summary>
    public static void MapPortalApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Root).RequireAuthorization().AddEndpointFilter(RequestFilters.RefuseForgeries).AddEndpointFilter(RequestFilters.RefuseWrongInput);
        api.MapSession();
        api.MapClusters();
        api.MapTopics();
        api.MapDeadLetters();
        api.MapConnections();
        api.MapConnectorTasks();
        api.MapClients();
        api.MapExports();
        api.MapBulk();
        api.MapOperations();
        api.MapPreferences();
        api.MapHistory();
        api.MapOverview();
        api.MapRevisions();
        api.MapSamples();
        api.MapDrafts();
        api.MapFallback(() => ApiResults.Problem(StatusCodes.Status404NotFound, $"There is nothing at this address. The addresses of {Root} are described in docs/api.md."));
    }
}
