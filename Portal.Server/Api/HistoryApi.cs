using System.Globalization;
using System.Text;
using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>The stored history of figures, as JSON and as CSV.</summary>
internal static class HistoryApi
{
    public static void MapHistory(this RouteGroupBuilder api)
    {
        api.MapGet("/tasks/{id}/history", async (string id, IHistoryService service, CancellationToken cancellationToken, string? range = null, DateTimeOffset? since = null) =>
            RangeOf(range) is { } known ? ApiResults.Found(await service.OfTaskAsync(id, known, since, cancellationToken), "task") : NoRange(range));
        api.MapGet("/tasks/{id}/history.csv", async (string id, IHistoryService service, CancellationToken cancellationToken, string? range = null) =>
            RangeOf(range) is not { } known ? NoRange(range)
                : await service.OfTaskAsync(id, known, null, cancellationToken) is { } history ? Csv(history, $"{id}-{known.Code}.csv")
                : ApiResults.Found<FigureHistory>(null, "task"));
        api.MapGet("/history", async (IHistoryService service, CancellationToken cancellationToken, string? range = null, string? region = null, DateTimeOffset? since = null) =>
            RangeOf(range) is { } known ? Results.Json(await service.OfAllAsync(region, known, since, cancellationToken), ApiJson.Options) : NoRange(range));
        api.MapGet("/history.csv", async (IHistoryService service, CancellationToken cancellationToken, string? range = null, string? region = null) =>
            RangeOf(range) is { } known ? Csv(await service.OfAllAsync(region, known, null, cancellationToken), $"all-{known.Code}.csv") : NoRange(range));
    }

    public static void MapRevisions(this RouteGroupBuilder api)
    {
        api.MapGet("/tasks/{id}/revisions", async (string id, IRevisionService service, CancellationToken cancellationToken) =>
            Results.Json(await service.OfTaskAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireTask);
        api.MapGet("/connections/{id}/revisions", async (string id, IRevisionService service, CancellationToken cancellationToken) =>
            Results.Json(await service.OfConnectionAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireConnection);
        api.MapGet("/mqtt-clusters/{id}/revisions", async (string id, IRevisionService service, CancellationToken cancellationToken) =>
            Results.Json(await service.OfMqttClusterAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireMqttCluster);
        api.MapGet("/kafka-instances/{id}/revisions", async (string id, IRevisionService service, CancellationToken cancellationToken) =>
            Results.Json(await service.OfKafkaInstanceAsync(id, cancellationToken), ApiJson.Options)).AddEndpointFilter(RequestFilters.RequireKafkaInstance);
    }

    public static void MapOverview(this RouteGroupBuilder api)
    {
        api.MapGet("/overview", async (IOverviewService service, CancellationToken cancellationToken, string? region = null) =>
            Results.Json(await service.ReadAsync(region, cancellationToken), ApiJson.Options));
        api.MapGet("/changes", async (IOverviewService service, TimeProvider time, CancellationToken cancellationToken, DateTimeOffset? since = null, int count = 50) =>
            Results.Json(await service.ChangesAsync(since ?? time.GetUtcNow() - TimeSpan.FromDays(1), count, cancellationToken), ApiJson.Options));
    }

    /// <summary>The points as a table, for example for a spreadsheet.</summary>
    internal static string Table(FigureHistory history)
    {
        var text = new StringBuilder(
            "from_utc,seconds,received,confirmed,payload_bytes,open_most,latency_p50_ms,latency_p95_ms,latency_p99_ms,dead_lettered,discarded,expired,abandoned,reconnects\n");
        foreach (var point in history.Points)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{point.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ},{point.Seconds},{point.Received},{point.Confirmed},{point.Bytes},{point.Open},{point.LatencyP50},{point.LatencyP95},{point.LatencyP99},{point.DeadLettered},{point.Discarded},{point.Expired},{point.Abandoned},{point.Reconnects}\n");
        }

        return text.ToString();
    }

    private static HistoryRange? RangeOf(string? code) => code is null ? HistoryRange.Default : HistoryRange.Find(code);

    private static IResult NoRange(string? range) => ApiResults.Invalid(
        [new FieldError("range", $"There is no range “{range}”. Choose one of {string.Join(", ", HistoryRange.All.Select(one => one.Code))}.")]);

    private static IResult Csv(FigureHistory history, string name) => Results.File(Encoding.UTF8.GetBytes(Table(history)), "text/csv; charset=utf-8", name);
}
