using Microsoft.Playwright;
using Portal.Tests.Fixtures;

namespace Portal.EndToEnd;

/// <summary>A new portal: nobody can sign in before somebody who reads the log has made the first administrator.</summary>
public class FirstRunTests
{
    [Fact]
    public async Task FirstRun_FromTokenToTasks_SignsIn()
    {
        await using var server = new PortalProcess();
        await server.StartAsync();
        await using var browser = new Browser();
        await browser.InitializeAsync();
        await using var context = await browser.ContextAsync(server.Address);
        var page = await context.NewPageAsync();

        await page.GotoAsync("tasks");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Create the first administrator" })).ToBeVisibleAsync();

        await LivePortal.FirstRunAsync(page, "not-the-token");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("token");

        await LivePortal.FirstRunAsync(page, server.SetupToken());
        await LivePortal.InteractiveAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Tasks" })).ToBeVisibleAsync();

        await context.ClearCookiesAsync();
        await page.GotoAsync("connections");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GetByLabel("User name").FillAsync(LivePortal.Administrator);
        await page.GetByLabel("Password").FillAsync("wrong password 1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await page.GetByLabel("User name").FillAsync(LivePortal.Administrator);
        await page.GetByLabel("Password").FillAsync(LivePortal.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connections", Level = 1 })).ToBeVisibleAsync();

        Assert.Empty(server.Faults);
    }
}
