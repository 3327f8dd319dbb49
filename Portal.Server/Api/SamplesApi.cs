using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>Live samples, and what a task would make of messages.</summary>
internal static class SamplesApi
{
    public static void MapSamples(this RouteGroupBuilder api)
    {
        var samples = api.MapGroup("/samples");
        samples.MapPost("/", (JsonBody<SampleRequest> request, ISamplingService service, CancellationToken cancellationToken) =>
            new JsonLines<SampleView>(service.ListenAsync(request.Value, cancellationToken)));
        samples.MapPost("/preview", (JsonBody<PreviewRequest> request, ISamplingService service) =>
            service.Check(request.Value) is { Count: > 0 } errors
                ? ApiResults.Invalid(errors)
                : Results.Json(service.Preview(request.Value), ApiJson.Options));
    }
}
