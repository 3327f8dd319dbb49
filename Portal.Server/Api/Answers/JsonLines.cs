using System.Text.Json;

namespace Portal.Server.Api.Answers;

/// <summary>
/// Something that goes on for a while as JSON lines: one report a line as it comes, each in the place of the one before, the last one
/// finished. With <c>Accept: application/json</c> only that last one, for callers that do not read streams.
/// </summary>
internal class JsonLines<T>(IAsyncEnumerable<T> reports) : IResult
    where T : class
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var onlyLast = httpContext.Request.GetTypedHeaders().Accept is [{ MediaType.Value: "application/json" }];
        httpContext.Response.ContentType = onlyLast ? "application/json" : "application/jsonl";
        T? last = null;
        await foreach (var report in reports.WithCancellation(httpContext.RequestAborted))
        {
            last = report;
            if (!onlyLast)
            {
                await JsonSerializer.SerializeAsync(httpContext.Response.Body, report, ApiJson.Options, httpContext.RequestAborted);
                await httpContext.Response.Body.WriteAsync(LineFeed, httpContext.RequestAborted);
                await httpContext.Response.Body.FlushAsync(httpContext.RequestAborted);
            }
        }

        if (onlyLast && last is not null)
        {
            await JsonSerializer.SerializeAsync(httpContext.Response.Body, last, ApiJson.Options, httpContext.RequestAborted);
        }
    }
}
