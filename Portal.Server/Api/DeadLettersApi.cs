using System.Text;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;
using Portal.Server.DeadLetters;

namespace Portal.Server.Api;

/// <summary>Dead letters of tasks.</summary>
internal static class DeadLettersApi
{
    public static void MapDeadLetters(this RouteGroupBuilder api)
    {
        api.MapGet("/dead-letters", async ([AsParameters] WindowParameters time, IDeadLetterService service, CancellationToken cancellationToken, string? region = null) =>
            time.Errors is { Count: > 0 } errors ? ApiResults.Invalid(errors) : ApiResults.Of(await service.SummaryAsync(region, time.Window, cancellationToken)));
        var letters = api.MapGroup("/tasks/{id}/dead-letters").AddEndpointFilter(RefuseBackwards);
        letters.MapGet("/", async (
            string id,
            [AsParameters] WindowParameters time,
            IDeadLetterService service,
            TimeProvider clock,
            CancellationToken cancellationToken,
            string? reason = null,
            string? topic = null,
            int page = 1,
            int size = 20) =>
            time.Errors is { Count: > 0 } errors
                ? ApiResults.Invalid(errors)
                : ApiResults.Of(await service.ListAsync(id, Filter(reason, topic, time, clock), page, size, cancellationToken)));
        letters.MapGet("/{partition:int}/{offset:long}", async (string id, int partition, long offset, IDeadLetterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.FindAsync(id, new DeadLetterKey(partition, offset), cancellationToken)));
        letters.MapPost("/dry-run", async (string id, JsonBody<DeadLetterFilter> filter, IDeadLetterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DryRunAsync(id, filter.Value, cancellationToken)));
        letters.MapPost("/retry", async (string id, JsonBody<DeadLetterFilter> filter, IDeadLetterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.RetryAsync(id, filter.Value, cancellationToken)));
        letters.MapPost("/discard", async (string id, JsonBody<DeadLetterFilter> filter, IDeadLetterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.DiscardAsync(id, filter.Value, cancellationToken)));
        letters.MapPost("/{partition:int}/{offset:long}/edit", async (string id, int partition, long offset, JsonBody<DeadLetterEdit> edit, IDeadLetterService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.EditAndRetryAsync(id, new DeadLetterKey(partition, offset), edit.Value, cancellationToken)));
        letters.MapGet("/export", async (
            string id,
            [AsParameters] WindowParameters time,
            IDeadLetterService service,
            TimeProvider clock,
            CancellationToken cancellationToken,
            string? reason = null,
            string? topic = null,
            string format = "json") =>
        {
            if (time.Errors is { Count: > 0 } errors)
            {
                return ApiResults.Invalid(errors);
            }

            var result = await service.ExportAsync(id, Filter(reason, topic, time, clock), cancellationToken);
            return result.Value is null || format != "csv"
                ? ApiResults.Of(result)
                : Results.File([.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(DeadLetterFile.Csv(result.Value))], "text/csv; charset=utf-8", $"{id}-dead-letters.csv");
        });
    }

    private static DeadLetterFilter Filter(string? reason, string? topic, WindowParameters time, TimeProvider clock)
    {
        var (from, to) = time.Window.At(clock.GetUtcNow());
        return new DeadLetterFilter { Group = reason, MqttTopic = topic, From = from, To = to };
    }

    // It would match nothing, and an answer of zero would be taken for the truth.
    private static ValueTask<object?> RefuseBackwards(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<JsonBody<DeadLetterFilter>>().FirstOrDefault() is { Errors.Count: 0, Value: { } filter } && TimeWindow.Check(filter.From, filter.To) is { } wrong
            ? ValueTask.FromResult<object?>(ApiResults.Invalid([wrong]))
            : next(context);
}
