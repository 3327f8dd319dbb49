using Portal.Client.Contracts;

namespace Portal.Server.Hosting;

/// <summary>
/// Lets no page and no script hold up the stop of the server. SignalR ends its connections in the moment in which the stop begins, but the server
/// listens on for a while: a browser that comes back at once, as it does after a cut line, would be waited for until the limit of the whole stop.
/// </summary>
internal static class LeaveAtStop
{
    private static readonly PathString[] LongLived = ["/_blazor", ILiveHub.Path];

    public static void UseLeaveAtStop(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested || !LongLived.Any(root => context.Request.Path.StartsWithSegments(root)))
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
    }
}
