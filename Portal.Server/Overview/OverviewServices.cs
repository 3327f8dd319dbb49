using Portal.Client.Contracts;

namespace Portal.Server.Overview;

internal static class OverviewServices
{
    /// <summary>How everything stands.</summary>
    public static WebApplicationBuilder AddOverview(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StoredFacts>();
        builder.Services.AddSingleton<IOverviewService, OverviewService>();
        return builder;
    }
}
