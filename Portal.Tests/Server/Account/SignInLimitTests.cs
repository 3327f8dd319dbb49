using System.Net;
using System.Net.Http.Json;
using Portal.Server.Account;
using Portal.Tests.Fixtures;
using Portal.Tests.Server.Api;

namespace Portal.Tests.Server.Account;

/// <summary>On a portal of its own: it uses the attempts of its address up.</summary>
public sealed class SignInLimitTests : IAsyncLifetime
{
    private readonly PortalApp _portal = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Attempts_TooMany_AreRefusedInWordsByBothDoors()
    {
        using var script = _portal.Stranger();
        using var browser = new SignedInClient(_portal.Address);

        // A minute may end in between; two windows are never open to more than twice as many.
        var answer = await AttemptAsync(script);
        for (var attempt = 1; attempt <= 2 * SignInLimit.Attempts && answer.StatusCode == HttpStatusCode.Unauthorized; attempt++)
        {
            answer = await AttemptAsync(script);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Wait a minute", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(1), answer.Headers.RetryAfter?.Delta);

        var page = await browser.SignInAsync("nobody", "not the password");
        for (var attempt = 1; attempt <= 2 * SignInLimit.Attempts && page.StatusCode == HttpStatusCode.OK; attempt++)
        {
            page = await browser.SignInAsync("nobody", "not the password");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
        Assert.Contains("Wait a minute", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.Http.GetAsync("/account/sign-in", Token)).StatusCode);
    }

    private static Task<HttpResponseMessage> AttemptAsync(HttpClient client) =>
        client.PostAsJsonAsync("/api/v1/session", new { user = "nobody", password = "not the password" }, Token);
}
