using Portal.Client.Contracts;

namespace Portal.Server.Operations;

internal static class OperationServices
{
    /// <summary>Long actions: stored, carried out in the background, taken up again after a restart of the server.</summary>
    public static WebApplicationBuilder AddPortalOperations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OperationStore>();
        services.AddSingleton<TaskRestart>();
        services.AddSingleton<RunOperations>();
        services.AddHostedService(all => all.GetRequiredService<RunOperations>());
        services.AddSingleton<IRollingRestart, RollingRestart>();
        services.AddScoped<IOperationService, OperationService>();
        return builder;
    }
}
