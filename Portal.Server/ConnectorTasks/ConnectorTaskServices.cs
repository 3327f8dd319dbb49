using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Checks;
using Portal.Server.ConnectorTasks.Commands;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Live;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks;

internal static class ConnectorTaskServices
{
    /// <summary>
    /// Connector tasks: what people ask of them, what is observed of them, and the loops between both. The loops start in this order and
    /// stop in the opposite one: what is told at the end of a run must still be written down.
    /// </summary>
    public static WebApplicationBuilder AddConnectorTasks(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<LiveFeed>();
        services.AddSingleton<ClientList>();
        services.AddSingleton<IClientService>(all => all.GetRequiredService<ClientList>());
        services.AddSingleton<ILiveFeed>(all => all.GetRequiredService<LiveFeed>());
        services.AddSingleton<RateHistory>();
        services.AddSingleton<TaskRoster>();
        services.AddSingleton<TaskRunStore>();
        services.AddSingleton<TaskEventLog>();
        services.AddSingleton<ITaskEventService>(all => all.GetRequiredService<TaskEventLog>());
        services.AddSingleton<TaskSpecs>();
        services.AddSingleton<OwedDrains>();
        services.AddSingleton<StartedSessions>();
        services.AddSingleton<Rehearsal>();
        services.AddSingleton<TaskReconciler>();
        services.AddSingleton<TaskLineChanges>();
        services.AddSingleton<IInterceptor>(provider => provider.GetRequiredService<TaskLineChanges>());
        services.AddSingleton<TaskLines>();
        services.AddSingleton<TaskList>();
        services.AddSingleton<ConnectorTaskValidator>();
        // Scoped, because the gate asks who acts in this scope.
        services.AddScoped<TaskSettingsCommands>();
        services.AddScoped<TaskStateCommands>();
        services.AddScoped<IOwedSessions, OwedSessionService>();
        services.AddScoped<ITaskRecovery, TaskRecoveryCommands>();
        services.AddScoped<KafkaPreflight>();
        services.AddScoped<IConnectorTaskService, ConnectorTaskService>();

        services.AddHostedService<LoadTasks>();
        services.AddHostedService<RecordFacts>();
        services.AddHostedService<LiveFeedPump>();
        services.AddHostedService<StoreRunFigures>();
        services.AddHostedService<MarkRestartToApply>();
        services.AddHostedService<ReconcileTasks>();
        return builder;
    }
}
