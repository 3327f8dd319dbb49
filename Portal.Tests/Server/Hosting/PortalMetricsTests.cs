using System.Net;
using Portal.Client.Contracts;
using Portal.Tests.Server.Api;

namespace Portal.Tests.Server.Hosting;

public sealed class PortalMetricsTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scrape_WithoutSigningIn_HasEveryStatusAndNoName()
    {
        using var anna = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(anna, portal.NewDraft() with { Name = "nobodys-business" }, "?paused=true");
        using var scraper = portal.Stranger();

        await Eventually.TrueAsync(async () => (await ReadAsync()).Contains("connector_status=\"paused\"} 1", StringComparison.Ordinal), "the paused task is counted");
        var text = await ReadAsync();

        Assert.All(Enum.GetNames<ConnectorTaskStatus>(), status => Assert.Contains($"connector_status=\"{status.ToLowerInvariant()}\"}}", text));
        Assert.DoesNotContain("nobodys-business", text);
        Assert.DoesNotContain(id, text);

        async Task<string> ReadAsync()
        {
            using var answer = await scraper.GetAsync("/metrics", Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Token);
        }
    }
}
