namespace Portal.Server.Security;

/// <summary>Who acts in this scope: a circuit, a request, or work of the server itself.</summary>
internal interface IActor
{
    /// <summary>The actor, or null when nobody is signed in.</summary>
    ValueTask<Actor?> FindAsync();
}
