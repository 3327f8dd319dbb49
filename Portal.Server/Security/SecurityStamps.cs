using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Portal.Server.Data.Entities;

namespace Portal.Server.Security;

/// <summary>Tells whether a sign-in still stands: the stamp of a person changes with the role, and goes with the person.</summary>
internal sealed class SecurityStamps(IServiceScopeFactory scopes, IOptions<IdentityOptions> options)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    public async Task<bool> IsCurrentAsync(ClaimsPrincipal principal)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var stamp = principal.FindFirstValue(options.Value.ClaimsIdentity.SecurityStampClaimType);
        return await users.GetUserAsync(principal) is { } user && stamp == await users.GetSecurityStampAsync(user);
    }
}
