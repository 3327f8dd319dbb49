using Microsoft.Extensions.Options;
using Portal.Server.Data;
using Portal.Server.Embedded;
using Portal.Server.Security;

namespace Portal.Server.Hosting;

internal static class PortalHost
{
    /// <summary>
    /// A builder that finds its settings beside the program: started from any folder, by <c>dotnet run</c>, as a built or as a
    /// published program, the same <c>appsettings.json</c> counts. Only <see cref="DataFolder"/> follows the current folder.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        // ASPNETCORE_URLS is read before appsettings.json and would lose against it; everyone expects it to win.
        builder.Configuration.AddEnvironmentVariables("ASPNETCORE_").AddCommandLine(args);
        // Outside of the environment Development nobody else does: without it a built program has no styles and no scripts.
        builder.WebHost.UseStaticWebAssets();
        if (!builder.Environment.IsDevelopment())
        {
            // A program run from its build folder would otherwise look for edits at each request, and send everything uncompressed and uncached.
            builder.WebHost.UseSetting("ReloadStaticAssetsAtRuntime", "false");
        }

        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        return builder;
    }

    /// <summary>Runs until somebody stops it. What must stand before the first request is served comes first, in this order.</summary>
    /// <returns>0, or 1 when it cannot start; the reason is then the only line of the log.</returns>
    public static async Task<int> RunPortalAsync(this WebApplication app)
    {
        try
        {
            SettingsCheck.Run(app.Services, app.Configuration);
            await app.Services.GetRequiredService<DatabaseStart>().RunAsync(app.Lifetime.ApplicationStopping);
            await app.Services.GetRequiredService<FirstRun>().OpenAsync(app.Lifetime.ApplicationStopping);
            ListenAddresses.Check(app.Configuration);
            await app.Services.GetRequiredService<SandboxStart>().RunAsync(app.Lifetime.ApplicationStopping);
            app.Lifetime.ApplicationStarted.Register(() => Announcement.Print(app));
            await app.RunAsync();
            return 0;
        }
        catch (StartRefusedException refusal)
        {
            Announcement.Refuse(app, refusal.Message);
            return 1;
        }
        catch (OptionsValidationException wrong)
        {
            Announcement.Refuse(app, string.Join(' ', wrong.Failures));
            return 1;
        }
        catch (Exception cause) when (!app.Lifetime.ApplicationStarted.IsCancellationRequested && cause is (IOException or UnauthorizedAccessException))
        {
            Announcement.Refuse(app, $"A file or an address cannot be used: {cause.Message} Look at the space and the rights of {DataFolder.Setting}, '{app.Services.GetRequiredService<DataFolder>().Path}', and at {ListenAddresses.Setting}.");
            return 1;
        }
        finally
        {
            await app.DisposeAsync();
        }
    }
}
