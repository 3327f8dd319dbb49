using System.Threading.RateLimiting;
using Portal.Server.Api.Answers;
using Portal.Server.Hosting;

namespace Portal.Server.Account;

/// <summary>
/// How often one address may try to sign in. The rest of an account after wrong passwords slows down who guesses at one name; this, who
/// goes through many, and what strangers can add to the audit.
/// </summary>
internal static class SignInLimit
{
    public const string Policy = "sign-in";
    public const int Attempts = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddSignInLimit(this IServiceCollection services) => services.AddRateLimiter(limits =>
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        // Looking at the form is free: only sending it counts.
        limits.AddPolicy(Policy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetFixedWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new FixedWindowRateLimiterOptions { PermitLimit = Attempts, Window = Window })
            : RateLimitPartition.GetNoLimiter(""));
        limits.OnRejected = async (rejected, _) => await RefuseAsync(rejected.HttpContext);
    });

    private static Task RefuseAsync(HttpContext context)
    {
        const string Words = "Too many attempts to sign in from this address. Wait a minute, then try again.";
        context.Response.Headers.RetryAfter = $"{Window.TotalSeconds:0}";
        IResult answer = PortalPages.IsForPeople(context)
            ? TypedResults.Text(Words, statusCode: StatusCodes.Status429TooManyRequests)
            : ApiResults.Problem(StatusCodes.Status429TooManyRequests, Words);
        return answer.ExecuteAsync(context);
    }
}
