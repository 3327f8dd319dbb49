using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>The MQTT clients of all tasks.</summary>
internal static class ClientsApi
{
    public static void MapClients(this RouteGroupBuilder api) =>
        api.MapGet("/clients", async ([AsParameters] ListParameters list, IClientService service, CancellationToken cancellationToken) =>
            list.Errors<LiveClientStatus>(ListColumns.Clients) is { Count: > 0 } errors
                ? ApiResults.Invalid(errors)
                : Results.Json(await service.ListAsync(list.Query, cancellationToken), ApiJson.Options));
}
