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
        api.MapGet("/dead-letters", async (IDeadLetterService service, CancellationToken cancellationToken, string? region = null) =>
            ApiResults.Of(await service.SummaryAsync(region, cancellationToken)));
        var letters = api.MapGroup("/tasks/{id}/dead-letters");
        letters.MapGet("/", async (string id, [AsParameters] FilterParameters filter, IDeadLetterService service, CancellationToken cancellationToken, int page = 1, int size = 20) =>
            ApiResults.Of(await service.ListAsync(id, filter.Filter, page, size, cancellationToken)));
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
        letters.MapGet("/export", async (string id, [AsParameters] FilterParameters filter, IDeadLetterService service, CancellationToken cancellationToken, string format = "json") =>
            await service.ExportAsync(id, filter.Filter, cancellationToken) is var result && result.Value is null || format != "csv"
                ? ApiResults.Of(result)
                : Results.File(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(DeadLetterFile.Csv(result.Value!))).ToArray(), "text/csv; charset=utf-8", $"{id}-dead-letters.csv"));
    }

    /// <summary>The filter in an address.</summary>
    internal sealed record FilterParameters(string? Reason = null, string? Topic = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
    {
        public DeadLetterFilter Filter => new() { Group = Reason, MqttTopic = Topic, From = From, To = To };
    }
}
