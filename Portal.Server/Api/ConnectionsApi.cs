using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Connections.</summary>
internal static class ConnectionsApi
{
    public static void MapConnections(this RouteGroupBuilder api)
    {
        var connections = api.MapGroup("/connections");
        connections.MapGet("/", async ([AsParameters] ListParameters list, IConnectionService service, CancellationToken cancellationToken) =>
            list.Errors<ConnectionStatus>(ListColumns.Connections) is { Count: > 0 } errors
                ? ApiResults.Invalid(errors)
                : Results.Json(await service.ListAsync(list.Query, cancellationToken), ApiJson.Options));
        connections.MapPost("/", async (JsonBody<ConnectionDraft> draft, IConnectionService service, CancellationToken cancellationToken) =>
            ApiResults.Created(await service.CreateAsync(draft.Value, cancellationToken), "connections"));
        connections.MapPost("/check", async (JsonBody<ConnectionDraft> draft, IConnectionService service, CancellationToken cancellationToken, string? id = null) =>
            await service.CheckAsync(id, draft.Value, cancellationToken) is { Count: > 0 } errors ? ApiResults.Invalid(errors) : Results.NoContent());
        connections.MapPost("/validate", (JsonBody<ConnectionDraft> draft, IConnectionService service, CancellationToken cancellationToken, string? id = null) =>
            new JsonLines<ValidationReport>(service.ValidateAsync(id, draft.Value, cancellationToken)));
        connections.MapGet("/{id}", async (string id, IConnectionService service, CancellationToken cancellationToken) =>
            ApiResults.Found(await service.FindAsync(id, cancellationToken), "connection"));
        connections.MapPut("/{id}", async (
            string id,
            SeenRevision revision,
            JsonBody<ConnectionDraft> draft,
            IConnectionService service,
            CancellationToken cancellationToken,
            bool restartTasks = true,
            bool skipValidation = false) =>
            ApiResults.Of(await service.UpdateAsync(id, revision.Value, draft.Value, restartTasks, skipValidation, cancellationToken)));
        connections.MapDelete("/{id}", async (string id, SeenRevision revision, IConnectionService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DeleteAsync(id, revision.Value, cancellationToken)));
        connections.MapPost("/{id}/test", (string id, IConnectionService service, CancellationToken cancellationToken) =>
            new JsonLines<ValidationReport>(service.TestAsync(id, cancellationToken)));
        connections.MapGet("/{id}/checks", async (string id, IConnectionHistory history, CancellationToken cancellationToken, int count = 20) =>
            ApiResults.Found(await history.ChecksAsync(id, count, cancellationToken), "connection"));
        connections.MapGet("/{id}/events", async (string id, IConnectionHistory history, CancellationToken cancellationToken, int count = 50) =>
            ApiResults.Found(await history.EventsAsync(id, count, cancellationToken), "connection"));
        connections.MapGet("/{id}/tasks", async (string id, IConnectionService service, CancellationToken cancellationToken) =>
            Results.Json(await service.DependentTasksAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireConnection);
    }
}
