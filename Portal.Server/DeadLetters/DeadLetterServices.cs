using Portal.Client.Contracts;

namespace Portal.Server.DeadLetters;

internal static class DeadLetterServices
{
    /// <summary>Dead letters: looked at, sent again, discarded, exported.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services)
    {
        services.AddSingleton<DeadLetterPlaces>();
        services.AddSingleton<DeadLetterTopic>();
        services.AddSingleton<DeadLetterReplay>();
        services.AddSingleton<ReplayTurns>();
        services.AddSingleton<DeadLetterOverview>();
        // Scoped, because the gate asks who acts in this scope.
        services.AddScoped<IDeadLetterService, DeadLetterService>();
        return services;
    }
}
