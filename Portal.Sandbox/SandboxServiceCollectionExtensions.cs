using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Portal.Sandbox;

/// <summary>Registration of the sandbox.</summary>
public static class SandboxServiceCollectionExtensions
{
    /// <summary>
    /// Registers <see cref="EmbeddedSandbox"/> with the section <c>Sandbox</c>; wrong settings are reported together at the start. It is
    /// started by whoever owns the order of the start, since users must be known before the devices sign in.
    /// </summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SandboxOptions>().Bind(configuration.GetSection(SandboxOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SandboxOptions>, SandboxOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        // One for the process: it holds the ports.
        services.AddSingleton<EmbeddedSandbox>();
        return services;
    }
}
