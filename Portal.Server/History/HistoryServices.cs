using Microsoft.Extensions.Options;
using Portal.Client.Contracts;
using Portal.Server.Revisions;

namespace Portal.Server.History;

internal static class HistoryServices
{
    /// <summary>
    /// What is kept over time. Called before the tasks are: the loop that keeps figures then starts before the engine's facts are read and
    /// stops after the last of them.
    /// </summary>
    public static WebApplicationBuilder AddHistory(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RetentionOptions>, RetentionCheck>();
        services.AddSingleton<FigureStore>();
        services.AddSingleton<IHistoryService, HistoryService>();
        services.AddSingleton<IRevisionService, RevisionService>();
        services.AddHostedService<KeepFigures>();
        services.AddHostedService<PruneTables>();
        return builder;
    }

    private sealed class RetentionCheck : IValidateOptions<RetentionOptions>
    {
        public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
            options.Errors().ToList() is { Count: > 0 } errors ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
