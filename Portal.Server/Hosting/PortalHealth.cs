using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Portal.Server.Data;

namespace Portal.Server.Hosting;

/// <summary>
/// What a supervisor of processes asks. Live: the program answers; restarting helps where it does not. Ready: it can do its work, which needs
/// a database that can be read and written. Brokers are no part of it: that they are away is a task's status, and a restart of the portal would not bring them back.
/// </summary>
internal static class PortalHealth
{
    public const string Root = "/healthz";

    private const string Ready = "ready";

    public static IServiceCollection AddPortalHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready]);
        return services;
    }

    /// <summary>Without signing in, and without a word about the inside: just <c>Healthy</c> or <c>Unhealthy</c>.</summary>
    public static void MapPortalHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks($"{Root}/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks($"{Root}/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready) }).AllowAnonymous();
    }

    private sealed class DatabaseCheck(IDbContextFactory<PortalDb> databases, StorageWatch storage) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            if (storage.Trouble is { } trouble)
            {
                return HealthCheckResult.Unhealthy(trouble.Text);
            }

            try
            {
                await using var db = await databases.CreateDbContextAsync(cancellationToken);
                // A row is read: opening the file alone succeeds on one that is no database.
                await db.Regions.AnyAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (DbException failure)
            {
                // Asked every few seconds: a line of the log each time, and no stack.
                return HealthCheckResult.Unhealthy(failure.Message);
            }
        }
    }
}
