using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Server.Data.Entities;

namespace Portal.Server.Security;

/// <summary>
/// The identity of a circuit, which lives longer than the request that opened it: every minute the security stamp is compared, and
/// a person who was removed or whose role changed is signed out of the page. What they may do is decided at each command anyway.
/// </summary>
internal sealed class CircuitIdentity : RevalidatingServerAuthenticationStateProvider
{
    private readonly IServiceScopeFactory _scopes;
    private readonly IdentityOptions _options;

    public CircuitIdentity(ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<IdentityOptions> options)
        : base(loggers)
    {
        _scopes = scopes;
        _options = options.Value;
        // Outside of a circuit nobody sets a state, and asking for it would throw.
        AuthenticationStateChanged += _ => HasState = true;
    }

    public bool HasState { get; private set; }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(60);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var stamp = authenticationState.User.FindFirstValue(_options.ClaimsIdentity.SecurityStampClaimType);
        return await users.GetUserAsync(authenticationState.User) is { } user && stamp == await users.GetSecurityStampAsync(user);
    }
}
