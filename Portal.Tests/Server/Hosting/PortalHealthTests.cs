using System.Net;
using Portal.Tests.Server.Api;

namespace Portal.Tests.Server.Hosting;

public sealed class PortalHealthTests : IAsyncLifetime
{
    private readonly PortalApp _portal = new();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Health_TableOfTheDatabaseGone_IsLiveAndNotReady()
    {
        using var client = _portal.Stranger();
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(client, "ready"));

        await _portal.BreakDatabaseAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), await AskAsync(client, "ready"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await AskAsync(client, "live"));
    }

    private static async Task<(HttpStatusCode Code, string Text)> AskAsync(HttpClient client, string what)
    {
        using var answer = await client.GetAsync($"/healthz/{what}", TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
