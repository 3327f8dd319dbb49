using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Portal.Server.Data.Entities;

namespace Portal.Server.Account;

internal static class AccountCommands
{
    /// <summary>Signing out is a POST with a token: a link or an image of another site cannot do it.</summary>
    public static void MapAccountCommands(this WebApplication app) =>
        app.MapPost("/account/sign-out", async (SignInManager<PortalUser> signIn, [FromForm] string? returnUrl) =>
        {
            await signIn.SignOutAsync();
            return TypedResults.LocalRedirect(LocalUrl.Or(returnUrl, "/account/sign-in"));
        });
}
