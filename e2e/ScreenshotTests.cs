using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>Makes the pictures of README and docs. Runs on request only: an ordinary run changes no tracked file.</summary>
[Collection(LivePortal.Name)]
[Trait("Category", "Screenshots")]
public class ScreenshotTests(LivePortal portal)
{
    private static readonly (int Width, int Height, bool Dark)[] Looks = [(1280, 800, false), (1280, 800, true), (390, 844, false), (390, 844, true)];

    [Fact]
    public async Task Pages_AreShownAtWork()
    {
        var folder = Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") ?? throw new InvalidOperationException("Run ./test.sh screenshots.");
        Directory.CreateDirectory(folder);
        var task = await FirstTaskAsync();
        // A chart of half a minute says little; this is the only wait for time in these tests, and only for the look.
        await Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        foreach (var (width, height, dark) in Looks)
        {
            foreach (var (name, path) in new[]
            {
                ("overview", ""), ("tasks", "tasks"), ("task", task), ("task-clients", $"{task}/clients"), ("task-mapping", $"{task}/mapping"),
                ("task-messages", $"{task}/messages"), ("task-dead-letters", $"{task}/dead-letters"), ("task-events", $"{task}/events"),
                ("task-settings", $"{task}/settings"), ("connections", "connections"), ("dead-letters", "dead-letters"), ("clients", "clients"),
                ("clusters", "clusters"), ("operations", "operations"), ("task-new", "tasks/new/source"),
            })
            {
                var page = await portal.OpenAsync(path, width, height, dark);
                await page.WaitForTimeoutAsync(2_500);
                await ShootAsync(page, folder, name, width, dark);
                await page.Context.DisposeAsync();
            }

            await ShootValidationAsync(folder, width, height, dark);
        }

        portal.AssertCalm();
    }

    private async Task<string> FirstTaskAsync()
    {
        var page = await portal.OpenAsync("tasks");
        var link = page.Locator("a[href^='/tasks/task-']").First;
        await Expect(link).ToBeVisibleAsync();
        var path = (await link.GetAttributeAsync("href"))!.TrimStart('/');
        await page.Context.DisposeAsync();
        return path;
    }

    private async Task ShootValidationAsync(string folder, int width, int height, bool dark)
    {
        var page = await portal.OpenAsync("connections/new", width, height, dark);
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("line-7");
        await page.GetByLabel("MQTT cluster").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("User name").FillAsync(LivePortal.ConnectorUser);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("not this one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await Expect(page.GetByText("User name or password is wrong")).ToBeVisibleAsync();
        await ShootAsync(page, folder, "connection-validate", width, dark);
        await page.Context.DisposeAsync();
    }

    private static async Task ShootAsync(IPage page, string folder, string name, int width, bool dark) =>
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}-{width}.png"), FullPage = width < 1000 });
}
