using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Long actions.</summary>
internal static class OperationsApi
{
    public static void MapOperations(this RouteGroupBuilder api)
    {
        var operations = api.MapGroup("/operations");
        operations.MapGet("/", async (IOperationService service, CancellationToken cancellationToken, int page = 1, int size = 20) =>
            new ListParameters { Page = page, Size = size } is var list && list.Errors<OperationState>([]) is { Count: > 0 } errors
                ? ApiResults.Invalid(errors)
                : Results.Json(await service.ListAsync(list.Query, cancellationToken), ApiJson.Options));
        operations.MapGet("/{id}", async (string id, IOperationService service, CancellationToken cancellationToken) =>
            ApiResults.Found(await service.FindAsync(id, cancellationToken), "operation"));
        operations.MapPost("/{id}/pause", async (string id, IOperationService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.PauseAsync(id, cancellationToken)));
        operations.MapPost("/{id}/continue", async (string id, IOperationService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.ContinueAsync(id, cancellationToken)));
        operations.MapPost("/{id}/retry", async (string id, IOperationService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RetryAsync(id, cancellationToken)));
        operations.MapPost("/{id}/retry-cancelled", async (string id, IOperationService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RetryCancelledAsync(id, cancellationToken)));
        operations.MapPost("/{id}/cancel", async (string id, IOperationService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.CancelAsync(id, cancellationToken)));
    }
}
