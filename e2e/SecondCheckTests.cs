using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>A validation counts for five minutes: whoever presses the button of the wizard later gets another one, without being asked.</summary>
public class SecondCheckTests
{
    [Fact]
    public async Task Connection_CreatedLongAfterItsValidation_IsCheckedOnceMoreFirst()
    {
        await using var portal = new ClockedPortal();
        await using var browser = new Browser();
        await browser.InitializeAsync();
        await using var context = await browser.ContextAsync(portal.Address);
        var page = await context.NewPageAsync();
        await LivePortal.FirstRunAsync(page, portal.SetupToken);
        await LivePortal.InteractiveAsync(page);

        await ValidateAsync(page, "at-once");
        var atOnce = await CreateAsync(page, portal, "at-once");
        await ValidateAsync(page, "much-later");
        portal.Clock.Advance(TimeSpan.FromMinutes(6));
        var muchLater = await CreateAsync(page, portal, "much-later");

        Assert.True(atOnce.CheckedAt < atOnce.PressedAt, $"Checked at {atOnce.CheckedAt}, pressed at {atOnce.PressedAt}");
        Assert.True(muchLater.CheckedAt >= muchLater.PressedAt, $"Checked at {muchLater.CheckedAt}, pressed at {muchLater.PressedAt}");
    }

    private static async Task ValidateAsync(IPage page, string name)
    {
        await LivePortal.GoAsync(page, "connections/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("MQTT cluster").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("User name").FillAsync(LivePortal.ConnectorUser);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(LivePortal.ConnectorPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await Expect(page.Locator("button:not([aria-disabled]):text-is('Create connection')")).ToBeVisibleAsync();
    }

    private static async Task<(DateTimeOffset PressedAt, DateTimeOffset CheckedAt)> CreateAsync(IPage page, ClockedPortal portal, string name)
    {
        // To the millisecond, as times are stored.
        var pressed = DateTimeOffset.FromUnixTimeMilliseconds(portal.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        await page.GetByRole(AriaRole.Button, new() { Name = "Create connection" }).ClickAsync();
        await Expect(page.GetByText($"{name} is ready")).ToBeVisibleAsync();
        var connection = (await new Rest(page.Context.APIRequest).GetAsync($"connections?q={name}")).GetProperty("items")[0];
        return (pressed, connection.GetProperty("checkedAt").GetDateTimeOffset());
    }
}
