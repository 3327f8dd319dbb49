using Portal.Client.Contracts;

namespace Portal.Server.Preferences;

internal static class PreferenceServices
{
    /// <summary>How each person wants to see the console. Scoped, because the service asks who acts in this scope.</summary>
    public static WebApplicationBuilder AddPreferences(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<IPreferenceService, PreferenceService>();
        return builder;
    }
}
