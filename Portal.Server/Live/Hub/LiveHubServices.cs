using Portal.Client.Contracts;
using Portal.Server.Api.Answers;

namespace Portal.Server.Live.Hub;

internal static class LiveHubServices
{
    /// <summary>The hub for scripts; it speaks the same JSON as the REST interface.</summary>
    public static WebApplicationBuilder AddLiveHub(this WebApplicationBuilder builder)
    {
        builder.Services.AddSignalR().AddJsonProtocol(json => ApiJson.Configure(json.PayloadSerializerOptions));
        return builder;
    }

    public static void MapLiveHub(this IEndpointRouteBuilder app) =>
        app.MapHub<LiveHub>(ILiveHub.Path, hub => hub.CloseOnAuthenticationExpiration = true);
}
