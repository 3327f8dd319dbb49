using System.Text;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Connector tasks.</summary>
internal static class ConnectorTasksApi
{
    internal sealed record Selection(IReadOnlyList<string> Ids);

    public static void MapConnectorTasks(this RouteGroupBuilder api)
    {
        var tasks = api.MapGroup("/tasks");
        tasks.MapGet("/", async ([AsParameters] ListParameters list, IConnectorTaskService service, CancellationToken cancellationToken) =>
            list.Errors<ConnectorTaskStatus>(ListColumns.Tasks) is { Count: > 0 } errors
                ? ApiResults.Invalid(errors)
                : Results.Json(await service.ListAsync(list.Query, cancellationToken), ApiJson.Options));
        tasks.MapPost("/", async (JsonBody<ConnectorTaskDraft> draft, IConnectorTaskService service, CancellationToken cancellationToken, bool paused = false) =>
            ApiResults.Created(await service.CreateAsync(draft.Value, paused, cancellationToken), "tasks"));
        tasks.MapPost("/check", async (JsonBody<ConnectorTaskDraft> draft, IConnectorTaskService service, CancellationToken cancellationToken, string? id = null) =>
            await service.CheckAsync(id, draft.Value, cancellationToken) is { Count: > 0 } errors ? ApiResults.Invalid(errors) : Results.NoContent());
        tasks.MapPost("/preflight", (JsonBody<ConnectorTaskDraft> draft, IConnectorTaskService service, CancellationToken cancellationToken, string? id = null) =>
            new JsonLines<ValidationReport>(service.PreflightAsync(id, draft.Value, cancellationToken)));
        tasks.MapPost("/pause", async (JsonBody<Selection> many, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.PauseAsync(many.Value.Ids, cancellationToken)));
        tasks.MapPost("/resume", async (JsonBody<Selection> many, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.ResumeAsync(many.Value.Ids, cancellationToken)));
        tasks.MapPost("/restart", async (JsonBody<Selection> many, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RestartAsync(many.Value.Ids, cancellationToken)));
        MapOne(tasks.MapGroup("/{id}"));
    }

    private static void MapOne(RouteGroupBuilder one)
    {
        var known = one.MapGroup("").AddEndpointFilter(RequestFilters.RequireTask);
        one.MapGet("/", async (string id, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Found(await service.FindAsync(id, cancellationToken), "task"));
        one.MapPut("/", async (string id, SeenRevision revision, JsonBody<ConnectorTaskDraft> draft, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.UpdateAsync(id, revision.Value, draft.Value, cancellationToken)));
        one.MapDelete("/", async (string id, SeenRevision revision, IConnectorTaskService service, CancellationToken cancellationToken, bool forgetSessions = false) =>
            ApiResults.Of(await service.DeleteAsync(id, revision.Value, forgetSessions, cancellationToken)));
        one.MapPost("/pause", async (string id, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.PauseAsync([id], cancellationToken)));
        one.MapPost("/resume", async (string id, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.ResumeAsync([id], cancellationToken)));
        one.MapPost("/restart", async (string id, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RestartAsync([id], cancellationToken)));
        one.MapPost("/try-now", async (string id, ITaskRecovery recovery, CancellationToken cancellationToken) =>
            ApiResults.Of(await recovery.TryNowAsync(id, cancellationToken)));
        one.MapPost("/stop-trying", async (string id, ITaskRecovery recovery, CancellationToken cancellationToken) =>
            ApiResults.Of(await recovery.StopTryingAsync(id, cancellationToken)));
        known.MapGet("/owed", async (string id, IOwedSessions owed, CancellationToken cancellationToken) =>
            Results.Json(await owed.ListAsync(id, cancellationToken), ApiJson.Options));
        one.MapPost("/owed/retry", async (string id, IOwedSessions owed, CancellationToken cancellationToken) =>
            ApiResults.Of(await owed.RetryAsync(id, cancellationToken)));
        one.MapDelete("/owed/{owedId:long}", async (string id, long owedId, IOwedSessions owed, CancellationToken cancellationToken) =>
            ApiResults.Of(await owed.ForgetAsync(id, owedId, cancellationToken)));
        one.MapGet("/live", async (string id, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Found((await service.FindAsync(id, cancellationToken))?.Live, "task"));
        known.MapGet("/events", async (string id, [AsParameters] EventParameters filter, ITaskEventService service, CancellationToken cancellationToken) =>
            filter.Errors is { Count: > 0 } errors ? ApiResults.Invalid(errors) : Results.Json(await service.FindAsync(id, filter.Query, cancellationToken), ApiJson.Options));
        known.MapGet("/events.csv", async (string id, [AsParameters] EventParameters filter, ITaskEventService service, CancellationToken cancellationToken) =>
            filter.Errors is { Count: > 0 } errors ? ApiResults.Invalid(errors)
                : Results.File(Encoding.UTF8.GetBytes(EventTable.Csv(await service.FindAsync(id, filter.Query, cancellationToken))), "text/csv; charset=utf-8", $"{id}-events.csv"));
        known.MapGet("/rates", async (string id, IConnectorTaskService service, CancellationToken cancellationToken) =>
            Results.Json(await service.RatesAsync(id, cancellationToken), ApiJson.Options));
        known.MapGet("/clients", (string id, ILiveFeed feed) =>
        {
            using var watch = feed.WatchClients(id);
            return Results.Json(watch.Initial.Clients, ApiJson.Options);
        });
        one.MapPost("/clients/{clientId}/disconnect", async (string id, string clientId, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DisconnectClientAsync(id, clientId, cancellationToken)));
        one.MapPost("/clients/{clientId}/delete-session", async (string id, string clientId, IConnectorTaskService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DeleteSessionAsync(id, clientId, cancellationToken)));
    }
}
