using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>What a hurried hand does: clicks twice, keeps a key down, has a screen that is narrower than the row of tabs.</summary>
[Collection(LivePortal.Name)]
public class PointerTests(LivePortal portal) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await portal.KeepEvidenceAsync();
    }

    [Fact]
    public async Task Pause_ClickedTwice_IsNotResumedByTheSecond()
    {
        var page = await portal.OpenAsync("tasks");
        var rest = new Rest(page.APIRequest);
        var id = await rest.CreateTaskAsync("clicked-twice", new() { ["clients"] = 1 });
        await LivePortal.GoAsync(page, $"tasks/{id}");
        var resume = page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true });
        var pause = (await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(pause.X + (pause.Width / 2), pause.Y + (pause.Height / 2));

        await page.Mouse.DownAsync(new() { ClickCount = 1 });
        await page.Mouse.UpAsync(new() { ClickCount = 1 });
        await Expect(resume).ToBeVisibleAsync();
        await page.Mouse.DownAsync(new() { ClickCount = 2 });
        await page.Mouse.UpAsync(new() { ClickCount = 2 });

        await AssertRestsAsync(page, resume);
        await rest.DeleteTaskAsync(id);
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task PauseKey_KeptDown_IsPressedOnce()
    {
        var page = await portal.OpenAsync("tasks");
        var rest = new Rest(page.APIRequest);
        var id = await rest.CreateTaskAsync("kept-down", new() { ["clients"] = 1 });
        await LivePortal.GoAsync(page, $"tasks/{id}");
        var resume = page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeVisibleAsync();

        await page.Keyboard.DownAsync("p");
        await Expect(resume).ToBeVisibleAsync();
        await page.Keyboard.DownAsync("p");
        await page.Keyboard.UpAsync("p");

        await AssertRestsAsync(page, resume);
        await rest.DeleteTaskAsync(id);
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Tabs_OnAPhone_ShowThePresentOne()
    {
        var page = await portal.OpenAsync("tasks", 390, 844);
        var id = (await new Rest(page.APIRequest).GetAsync("tasks?sort=created")).GetProperty("items")[0].GetProperty("id").GetString();
        await LivePortal.GoAsync(page, $"tasks/{id}/settings");
        await Expect(page.Locator(".tabs [aria-current]")).ToBeInViewportAsync(new() { Ratio = 0.9f });

        await page.Keyboard.PressAsync("]");

        await Expect(page.Locator(".tabs [aria-current]")).ToHaveTextAsync("Overview");
        await Expect(page.Locator(".tabs [aria-current]")).ToBeInViewportAsync(new() { Ratio = 0.9f });
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Theory]
    [InlineData("clients?client=none&from=2026-01-01T00:00:00Z")]
    [InlineData("connections?cluster=none&q=none")]
    [InlineData("tasks?kafka=none")]
    [InlineData("clusters?q=none")]
    [InlineData("events?severity=error")]
    public async Task Toolbar_OnAPhone_HasOneHeight(string address)
    {
        var page = await portal.OpenAsync("tasks", 390, 844);
        var id = (await new Rest(page.APIRequest).GetAsync("tasks?sort=created")).GetProperty("items")[0].GetProperty("id").GetString();
        await LivePortal.GoAsync(page, address.StartsWith("events", StringComparison.Ordinal) ? $"tasks/{id}/{address}" : address);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Clear filters" }).First).ToBeVisibleAsync();

        var heights = await page.EvaluateAsync<double[]>("[...document.querySelectorAll(':is(.toolbar, .filters) :is(input, select, a, button)')].map(one => one.getBoundingClientRect().height)");

        Assert.All(heights, height => Assert.Equal(44, height));
        Assert.True(heights.Length > 1);
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    // Events of a circuit are carried out in their order: with the answer to the tab the one before is carried out, or never came.
    private static async Task AssertRestsAsync(IPage page, ILocator resume)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Edit settings" })).ToBeVisibleAsync();
        await Expect(resume).ToBeVisibleAsync();
    }
}
