using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Portal.Client.Contracts;
using Portal.Server.Hosting;

namespace Portal.Server.Api.Answers;

/// <summary>Tells scripts which parameter of an address cannot be read: the framework's own answer is an empty 400.</summary>
internal sealed partial class WrongParameters : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException wrong || PortalPages.IsForPeople(httpContext))
        {
            return false;
        }

        var answer = Binding().Match(wrong.Message) is { Success: true } parameter
            ? ApiResults.Invalid([new FieldError(parameter.Groups["name"].Value, $"{parameter.Groups["value"].Value} is not {Wanted(parameter.Groups["type"].Value)}.")])
            : ApiResults.Problem(wrong.StatusCode, wrong.Message);
        await answer.ExecuteAsync(httpContext);
        return true;
    }

    private static string Wanted(string type) =>
        type.Contains("DateTimeOffset", StringComparison.Ordinal) ? "a time such as 2026-01-31T08:00:00Z"
        : type.Contains("bool", StringComparison.Ordinal) ? "true or false"
        : type.Contains("int", StringComparison.Ordinal) || type.Contains("long", StringComparison.Ordinal) ? "a whole number, or it is too large"
        : "a value that is known here";

    [GeneratedRegex("""^Failed to bind parameter "(?<type>.+) (?<name>\w+)" from (?<value>".*")\.$""", RegexOptions.Singleline)]
    private static partial Regex Binding();
}
