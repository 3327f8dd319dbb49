using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using Portal.Client.Contracts;
using Portal.Engine.Telemetry;
using Portal.Server.Live;

namespace Portal.Server.Hosting;

/// <summary>The section <c>Metrics</c> of appsettings.json.</summary>
internal sealed record MetricsOptions
{
    public const string Section = "Metrics";

    /// <summary>Whether Prometheus may scrape, without signing in. Default true.</summary>
    public bool Prometheus { get; init; } = true;
}

/// <summary>
/// What Prometheus scrapes: the engine's instruments, the tasks by status, and the runtime's and the web server's own. Totals only: a label
/// with the name of a task would grow without bound, and would tell it to whoever may scrape.
/// </summary>
internal sealed class PortalMetrics
{
    public const string MeterName = "ConnectorPortal.Server";

    public const string Root = "/metrics";

    private readonly IServiceProvider _services;

    public PortalMetrics(IMeterFactory meters, IServiceProvider services)
    {
        _services = services;
        meters.Create(MeterName).CreateObservableUpDownCounter("connector.tasks", ByStatus, "{task}", "Tasks by what is observed of them.");
    }

    // Those that no task has too: an alert on a series that comes and goes fires late, or never.
    private IEnumerable<Measurement<int>> ByStatus()
    {
        // Not before somebody asks: the meter is made before the settings are checked, and the feed needs them right.
        var tally = _services.GetRequiredService<LiveFeed>().Tally;
        return Enum.GetValues<ConnectorTaskStatus>().Select(
            status => new Measurement<int>(tally.Count(status), new KeyValuePair<string, object?>("connector.status", status.ToString().ToLowerInvariant())));
    }
}

internal static class PortalMetricsServices
{
    public static WebApplicationBuilder AddPortalMetrics(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MetricsOptions>().BindConfiguration(MetricsOptions.Section);
        builder.Services.AddSingleton<PortalMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(PortalMetrics.MeterName, EngineMetrics.MeterName, "System.Runtime")
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Components.Server.Circuits")
            .AddInstrumentation(services => services.GetRequiredService<PortalMetrics>())
            .AddPrometheusExporter());
        return builder;
    }

    /// <summary>Before anybody is asked to sign in, as with every other program that Prometheus scrapes; a setting takes it away.</summary>
    public static void UsePortalMetrics(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<MetricsOptions>>();
        app.UseOpenTelemetryPrometheusScrapingEndpoint(request => request.Request.Path == PortalMetrics.Root && options.Value.Prometheus);
    }
}
