using Microsoft.AspNetCore.Identity;
using Portal.Server.Account;
using Portal.Server.Api.Answers;
using Portal.Server.Api.Requests;
using Portal.Server.Data.Entities;

namespace Portal.Server.Api;

/// <summary>Signing in and out for scripts. The cookie is the same that a browser gets.</summary>
internal static class SessionApi
{
    internal sealed record Credentials(string User, string Password);

    internal sealed record Session(string User, IReadOnlyList<string> Roles);

    public static void MapSession(this RouteGroupBuilder api)
    {
        api.MapPost("/session", SignInAsync).AllowAnonymous().RequireRateLimiting(SignInLimit.Policy);
        api.MapGet("/session", (HttpContext context) => Results.Json(
            new Session(context.User.Identity!.Name!, [.. context.User.FindAll(System.Security.Claims.ClaimTypes.Role).Select(claim => claim.Value)]), ApiJson.Options));
        api.MapDelete("/session", async (SignInManager<PortalUser> signIn) =>
        {
            await signIn.SignOutAsync();
            return Results.NoContent();
        });
    }

    private static async Task<IResult> SignInAsync(JsonBody<Credentials> body, SignInManager<PortalUser> signIn, SignInRecord record)
    {
        var name = body.Value.User.Trim();
        var result = await signIn.PasswordSignInAsync(name, body.Value.Password, isPersistent: false, lockoutOnFailure: true);
        await record.AddAsync(name, result.Succeeded);
        return result.Succeeded
            ? Results.NoContent()
            : ApiResults.Problem(
                StatusCodes.Status401Unauthorized, "The user name or the password is wrong. After five wrong passwords an account rests for five minutes.");
    }
}
