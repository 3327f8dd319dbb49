using System.Text.Json;
using Portal.Client.Contracts;

namespace Portal.Server.Api.Answers;

/// <summary>
/// Something that goes on for a while as JSON lines: one report a line as it comes, each in the place of the one before, the last one
/// finished. With <c>Accept: application/json</c> only that last one, for callers that do not read streams. What was not begun is refused
/// like every other order, which the first report tells.
/// </summary>
internal sealed class JsonLines<T>(IAsyncEnumerable<T> reports) : IResult
    where T : class, IRefusable
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
        await using var following = reports.GetAsyncEnumerator(aborted);
        var isMore = await following.MoveNextAsync();
        if (isMore && following.Current.Refusal is { } refusal)
        {
            await ApiResults.Of(refusal).ExecuteAsync(httpContext);
            return;
        }

        var onlyLast = httpContext.Request.GetTypedHeaders().Accept is [{ MediaType.Value: "application/json" }];
        response.ContentType = onlyLast ? "application/json" : "application/jsonl";
        T? last = null;
        for (; isMore; isMore = await following.MoveNextAsync())
        {
            last = following.Current;
            if (!onlyLast)
            {
                await JsonSerializer.SerializeAsync(response.Body, last, ApiJson.Options, aborted);
                await response.Body.WriteAsync(LineFeed, aborted);
                await response.Body.FlushAsync(aborted);
            }
        }

        if (onlyLast && last is not null)
        {
            await JsonSerializer.SerializeAsync(response.Body, last, ApiJson.Options, aborted);
        }
    }
}
