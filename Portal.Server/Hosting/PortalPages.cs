using Microsoft.AspNetCore.Diagnostics;
using Portal.Client;
using Portal.Client.Contracts;
using Portal.Server.Account;
using Portal.Server.Api;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Exports;
using Portal.Server.Live.Hub;

namespace Portal.Server.Hosting;

internal static class PortalPages
{
    private static readonly PathString[] ForScripts = ["/api", "/hubs", PortalHealth.Root, PortalMetrics.Root];

    public static WebApplicationBuilder AddPortalPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            // A page that was cut off finds its circuit again for so long; what is kept beyond that is in the database and in the URL.
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            circuits.DisconnectedCircuitMaxRetained = 100;
            // Longer than a circuit is kept: a page that went away answers nothing, and what waited for it would be told as a fault of ours.
            circuits.JSInteropDefaultCallTimeout = TimeSpan.FromMinutes(4);
        })
            .AddHubOptions(hub =>
            {
                // What a person edits comes whole with each key: a payload of a megabyte as hexadecimal digits, or a bundle of certificates.
                hub.MaximumReceiveMessageSize = 4 * 1024 * 1024;
                // The browser calls the line cut when two of them are missing (portal.js): a page must not say "Live" for half a minute when it is not.
                hub.KeepAliveInterval = TimeSpan.FromSeconds(4);
            });
        builder.Services.AddPortalClient();
        builder.Services.AddScoped<ExportRecord>();
        builder.Services.AddAntiforgery(forms => forms.Cookie.Name = "portal.form");
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<StorageProblems>();
        builder.Services.AddExceptionHandler<WrongParameters>();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddPortalHealth();
        return builder;
    }

    /// <summary>Everything that can be requested, in the order in which a request meets it.</summary>
    public static void MapPortal(this WebApplication app)
    {
        app.UseLeaveAtStop();
        app.UseKnownProxies();
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseHsts();
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use(KeepPagesFromScripts);
        app.UseWhen(request => !IsForPeople(request), scripts => scripts.UseExceptionHandler().UseStatusCodePages());
        app.UsePortalMetrics();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapPortalHealth();
        app.MapAccountCommands();
        app.MapPortalApi();
        app.MapLiveHub();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null)
            .AddAdditionalAssemblies(typeof(Roles).Assembly);
    }

    /// <summary>Whether a person looks at the answer; scripts get problem details.</summary>
    public static bool IsForPeople(HttpContext context) =>
        !ForScripts.Any(root => context.Request.Path.StartsWithSegments(root));

    // Not by UseWhen: what is executed again in a branch does not find the routes of the application.
    private static Task KeepPagesFromScripts(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages
            && !(IsForPeople(context) && HttpMethods.IsGet(context.Request.Method)))
        {
            pages.Enabled = false;
        }

        return next(context);
    }
}
