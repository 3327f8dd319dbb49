using Microsoft.AspNetCore.Components.Authorization;
using Portal.Client.Contracts;

namespace Portal.Client.Layout;

/// <summary>What to say beside an action that the person may not do. A courtesy: the services decide, and say no by themselves.</summary>
public sealed class Permissions(AuthenticationStateProvider authentication)
{
    /// <summary>Why the person may change nothing, and who can help; null for an Administrator.</summary>
    public async Task<string?> WhyReadOnlyAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (user.IsInRole(Roles.Administrator))
        {
            return null;
        }

        return user.IsInRole(Roles.Viewer)
            ? "This needs the role Administrator; you are a Viewer. An administrator of this portal can change that."
            : "This needs the role Administrator; you have no role yet. An administrator of this portal can give you one.";
    }
}
