using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Portal.Server.Account;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Hosting;

namespace Portal.Server.Security;

internal static class PortalIdentityServices
{
    /// <summary>Who may come in, how they prove it, and who acts in a scope.</summary>
    public static WebApplicationBuilder AddPortalIdentity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddIdentity<PortalUser, IdentityRole>(options =>
        {
            // Length is what makes a password hard to guess; rules about its letters make it hard to remember.
            options.Password.RequiredLength = 10;
            options.Password.RequiredUniqueChars = 4;
            options.Password.RequireDigit = false;
            options.Password.RequireLowercase = false;
            options.Password.RequireUppercase = false;
            options.Password.RequireNonAlphanumeric = false;
            options.Lockout.MaxFailedAccessAttempts = 5;
            options.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
        }).AddEntityFrameworkStores<PortalDb>();

        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.Cookie.Name = "portal.session";
            cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
            cookie.LoginPath = "/account/sign-in";
            cookie.AccessDeniedPath = "/account/denied";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Events.OnRedirectToLogin = context => RefuseAsync(context, StatusCodes.Status401Unauthorized);
            cookie.Events.OnRedirectToAccessDenied = context => RefuseAsync(context, StatusCodes.Status403Forbidden);
        });
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromSeconds(60));
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        services.AddHttpContextAccessor();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, CircuitIdentity>();
        services.AddSingleton<SecurityStamps>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<IActor>(scope => scope.GetRequiredService<CurrentActor>());
        services.AddScoped<ChangeGate>();
        services.AddScoped<UserAccounts>();
        services.AddScoped<SignInRecord>();
        services.AddSignInLimit();
        services.AddSingleton<FirstRun>();
        return builder;
    }

    private static Task RefuseAsync(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (!PortalPages.IsForPeople(context.HttpContext))
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        var nobodyYet = context.HttpContext.RequestServices.GetRequiredService<FirstRun>().IsOpen;
        context.Response.Redirect(nobodyYet ? "/account/setup" : context.RedirectUri);
        return Task.CompletedTask;
    }
}
