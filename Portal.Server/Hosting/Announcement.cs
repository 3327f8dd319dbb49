using Portal.Server.Security;

namespace Portal.Server.Hosting;

/// <summary>What the server says to the person who started it: where it is, how to get in, or why it does not start.</summary>
internal static partial class Announcement
{
    public static void Print(WebApplication app)
    {
        var url = app.Urls.FirstOrDefault() ?? ListenAddresses.Default;
        Log.Ready(Logger(app), url);
        if (app.Services.GetRequiredService<FirstRun>().Token is { } token)
        {
            Log.FirstRun(Logger(app), $"{url.TrimEnd('/')}/account/setup?token={token}");
        }
    }

    public static void Refuse(WebApplication app, string reason) => Log.StartRefused(Logger(app), reason);

    private static ILogger Logger(WebApplication app) => app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ConnectorPortal");

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.StartRefused, LogLevel.Critical, "Connector Portal does not start: {Reason}")]
        public static partial void StartRefused(ILogger logger, string reason);

        [LoggerMessage(ServerEvents.Ready, LogLevel.Information, "Connector Portal is ready at {Url}")]
        public static partial void Ready(ILogger logger, string url);

        [LoggerMessage(ServerEvents.FirstRun, LogLevel.Warning, "First run: nobody can sign in yet. Create the first administrator at {Url} (this link works once)")]
        public static partial void FirstRun(ILogger logger, string url);
    }
}
