using Portal.Client.Contracts;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;

namespace Portal.Server.Api;

/// <summary>How the person who asks wants to see the console.</summary>
internal static class PreferencesApi
{
    public static void MapPreferences(this RouteGroupBuilder api)
    {
        api.MapGet("/preferences", async (IPreferenceService service, CancellationToken cancellationToken) =>
            Results.Json(await service.ReadAsync(cancellationToken), ApiJson.Options));
        api.MapPut("/preferences", async (JsonBody<UserPreferences> preferences, IPreferenceService service, CancellationToken cancellationToken) =>
            ApiResults.Of(await service.SaveAsync(preferences.Value, cancellationToken)));
    }
}
