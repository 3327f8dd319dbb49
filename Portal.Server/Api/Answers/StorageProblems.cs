using Microsoft.AspNetCore.Diagnostics;
using Portal.Client.Contracts;
using Portal.Server.Hosting;

namespace Portal.Server.Api.Answers;

/// <summary>Tells scripts in words when nothing could be stored: 503, since the same request may succeed later. People get the page for it.</summary>
internal sealed class StorageProblems : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not StorageException || PortalPages.IsForPeople(httpContext))
        {
            return false;
        }

        await ApiResults.Problem(StatusCodes.Status503ServiceUnavailable, exception.Message).ExecuteAsync(httpContext);
        return true;
    }
}
