using Portal.Engine.Sinks.Topics;
using Portal.Sandbox;
using Portal.Server.Live;

namespace Portal.Server.Embedded;

internal static class SandboxServices
{
    /// <summary>What appsettings.json has for Sandbox:ConnectorPassword.</summary>
    public const string PublishedPassword = "look-around";

    /// <summary>The embedded brokers and devices, and their registration at the first start.</summary>
    public static WebApplicationBuilder AddEmbeddedSandbox(this WebApplicationBuilder builder)
    {
        builder.Services.AddSandbox(builder.Configuration);
        builder.Services.AddSingleton<ITopicCreator, EmbeddedTopicCreator>();
        builder.Services.AddSingleton<SandboxUserBook>();
        builder.Services.AddSingleton<SandboxRegistration>();
        builder.Services.AddSingleton<SandboxStart>();
        builder.Services.AddHostedService<WatchBacklog>();
        return builder;
    }
}
