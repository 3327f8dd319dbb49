using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace Portal.Server.Security;

/// <summary>
/// Takes the actor from the circuit when there is one, otherwise from the request. In that order: a circuit still sees the request that
/// opened its socket, whose user may have changed since.
/// </summary>
internal sealed class CurrentActor(AuthenticationStateProvider circuit, IHttpContextAccessor http) : IActor
{
    private Actor? _fixed;

    /// <summary>Lets everything in this scope be done by the server itself. See <see cref="SystemScope"/>.</summary>
    public void BecomeSystem() => _fixed = Actor.System;

    /// <summary>Lets everything in this scope be done in the name of a person who ordered it. What they may do is asked of their role as it is now.</summary>
    public void Become(Actor actor) => _fixed = actor;

    public async ValueTask<Actor?> FindAsync()
    {
        if (_fixed is not null)
        {
            return _fixed;
        }

        var user = circuit is CircuitIdentity { HasState: true }
            ? (await circuit.GetAuthenticationStateAsync()).User
            : http.HttpContext?.User;
        return user?.Identity is { IsAuthenticated: true, Name: { } name } && user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? new Actor(name, id)
            : null;
    }
}
