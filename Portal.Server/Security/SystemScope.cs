namespace Portal.Server.Security;

internal static class SystemScope
{
    /// <summary>A scope whose services act as the server itself.</summary>
    public static AsyncServiceScope CreateSystemScope(this IServiceProvider services)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().BecomeSystem();
        return scope;
    }

    /// <summary>A scope whose services act in the name of a person who ordered the work.</summary>
    public static AsyncServiceScope CreateScopeOf(this IServiceScopeFactory services, Actor actor)
    {
        var scope = services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentActor>().Become(actor);
        return scope;
    }
}
