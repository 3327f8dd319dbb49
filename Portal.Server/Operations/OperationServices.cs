using Portal.Client.Contracts;
using Portal.Server.Operations.Bulk;
using Portal.Server.Operations.Items;

namespace Portal.Server.Operations;

internal static class OperationServices
{
    /// <summary>Long actions: stored, carried out in the background, taken up again after a restart of the server.</summary>
    public static WebApplicationBuilder AddPortalOperations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<OperationStore>();
        services.AddSingleton<OperationStart>();
        services.AddSingleton<TaskRestart>();
        services.AddSingleton<TaskChanges>();
        services.AddSingleton<ConnectionChanges>();
        services.AddSingleton<ClientChanges>();
        services.AddSingleton<DeadLetterRetry>();
        services.AddSingleton<RunItem>();
        services.AddSingleton<RunOperations>();
        services.AddHostedService(all => all.GetRequiredService<RunOperations>());
        services.AddSingleton<IRollingRestart, RollingRestart>();
        // Scoped, because they ask who acts in this scope.
        services.AddScoped<IOperationService, OperationService>();
        services.AddScoped<IBulkService, BulkService>();
        return builder;
    }
}
