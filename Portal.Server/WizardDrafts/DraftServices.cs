using Portal.Client.Contracts;

namespace Portal.Server.WizardDrafts;

internal static class DraftServices
{
    /// <summary>Half-filled forms. Scoped, because a draft belongs to who acts in this scope.</summary>
    public static WebApplicationBuilder AddDrafts(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<IDraftService, DraftService>();
        builder.Services.AddHostedService<PruneDrafts>();
        return builder;
    }
}
