using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Portal.Server.Security;

/// <summary>
/// The identity of a circuit, which lives longer than the request that opened it: every minute the security stamp is compared, and
/// a person who was removed or whose role changed is signed out of the page. What they may do is decided at each command anyway.
/// </summary>
internal sealed class CircuitIdentity : RevalidatingServerAuthenticationStateProvider
{
    private readonly SecurityStamps _stamps;

    public CircuitIdentity(ILoggerFactory loggers, SecurityStamps stamps)
        : base(loggers)
    {
        _stamps = stamps;
        // Outside of a circuit nobody sets a state, and asking for it would throw.
        AuthenticationStateChanged += _ => HasState = true;
    }

    public bool HasState { get; private set; }

    protected override TimeSpan RevalidationInterval => SecurityStamps.Interval;

    protected override Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) => _stamps.IsCurrentAsync(authenticationState.User);
}
