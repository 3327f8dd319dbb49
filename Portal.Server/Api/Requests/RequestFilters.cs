using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Api.Requests;

/// <summary>What every request to the API passes before it reaches a service.</summary>
internal static class RequestFilters
{
    /// <summary>
    /// A browser sends the cookie along with whatever another site makes it send; a header of its own it adds to none of that without asking
    /// us first, and we never say yes. So a write without the header may be forged, and scripts can set it without fetching a token.
    /// </summary>
    public const string Header = "X-Portal-Request";

    public static ValueTask<object?> RefuseForgeries(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers[Header] == "1"
            ? next(context)
            : ValueTask.FromResult<object?>(ApiResults.Problem(
                StatusCodes.Status400BadRequest, $"A request that changes something needs the header {Header}: 1. It keeps other sites from using your session."));
    }

    public static ValueTask<object?> RefuseWrongInput(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var errors = context.Arguments.OfType<IChecked>().Select(part => part.Error).OfType<FieldError>().ToList();
        return errors.Count == 0 ? next(context) : ValueTask.FromResult<object?>(ApiResults.Invalid(errors));
    }
}
