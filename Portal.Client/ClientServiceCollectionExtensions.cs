using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Portal.Client.Components.Feedback;
using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Layout;
using Portal.Client.Layout.Palette;
using Portal.Client.Live;
using Portal.Client.Pages.Clusters;
using Portal.Client.Pages.Clusters.Editing;
using Portal.Client.Pages.Connections;
using Portal.Client.Pages.ConnectorTasks;

namespace Portal.Client;

/// <summary>Registers what the pages share.</summary>
public static class ClientServiceCollectionExtensions
{
    /// <summary>Adds the pages' own services. The contracts that they call are the server's to register.</summary>
    public static IServiceCollection AddPortalClient(this IServiceCollection services)
    {
        services.AddMudServices(options => options.PopoverOptions.CheckForPopoverProvider = false);

        // One a circuit: the region, the notices and the visibility belong to one browser tab.
        services.AddScoped<RegionState>();
        services.AddScoped<PageVisibility>();
        services.AddScoped<PreferenceState>();
        services.AddScoped<PaletteSearch>();
        services.AddScoped<RowKeys>();
        services.AddScoped<Permissions>();
        services.AddScoped<Notices>();
        services.AddScoped<Confirmations>();
        services.AddScoped<BulkActions>();
        services.AddScoped<ConnectorTaskCommands>();
        services.AddScoped<ConnectionActions>();
        services.AddScoped<ClusterDialogs>();
        services.AddScoped<ClusterRemoval>();

        // One a component: it remembers what it sent to the elements of that component.
        services.AddTransient<CellPatch>();
        return services;
    }
}
