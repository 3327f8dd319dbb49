using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>What a person does without a mouse: the palette, the sheet of keys, rows, bulk actions, live updates.</summary>
[Collection(LivePortal.Name)]
public class KeyboardTests(LivePortal portal) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await portal.KeepEvidenceAsync();
    }

    [Fact]
    public async Task Palette_ByKeys_FindsATaskAndGoesThere()
    {
        var page = await portal.OpenAsync("connections");
        await page.Keyboard.PressAsync("Control+k");
        var input = page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages" });
        await Expect(input).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Option, new() { Name = "Create task" })).ToBeVisibleAsync();

        await input.PressSequentiallyAsync("task-");
        var group = page.GetByRole(AriaRole.Group, new() { Name = "Tasks" });
        var first = group.GetByRole(AriaRole.Option).First;
        await Expect(first).ToBeVisibleAsync();
        while (await first.GetAttributeAsync("aria-selected") != "true")
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await Expect(input).ToHaveAttributeAsync("aria-activedescendant", (await first.GetAttributeAsync("id"))!);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/tasks/task-[a-z0-9]{8}$"));
        await Expect(page.Locator("#palette")).ToBeHiddenAsync();
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Palette_EnterBeforeTheResults_TakesWhatWasTyped()
    {
        var page = await portal.OpenAsync("tasks");
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages" })).ToBeFocusedAsync();

        // In one go: the results of "register kafka" are still on their way when Enter comes.
        await page.EvaluateAsync(
            """
            const input = document.getElementById("palette-input");
            input.value = "register kafka";
            input.dispatchEvent(new InputEvent("input", { bubbles: true }));
            input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            """);

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Register a Kafka instance" })).ToBeVisibleAsync();
        await Expect(page.Locator("#palette")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task HelpAndPlaces_ByKeys_OpenAndLeadThere()
    {
        var page = await portal.OpenAsync("tasks");
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#help")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("c");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connections" })).ToBeVisibleAsync();

        await Expect(page.Locator("tbody a.name").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("tbody a.name").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("e");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/connections/resource-[a-z0-9]{8}/settings$"));
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("c");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connections" })).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("/");
        var search = page.GetByRole(AriaRole.Searchbox);
        await Expect(search).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("gl");
        await Expect(search).ToHaveValueAsync("gl");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connections" })).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task ClusterForm_ByEscape_AsksBeforeWhatWasTypedIsLost()
    {
        var page = await portal.OpenAsync("clusters");
        var open = page.GetByRole(AriaRole.Button, new() { Name = "Register a Kafka instance" });
        var name = page.GetByLabel("Name", new() { Exact = true });
        var question = page.GetByRole(AriaRole.Heading, new() { Name = "Leave without saving?" });
        await open.ClickAsync();
        await Expect(name).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(name).ToBeHiddenAsync();
        await Expect(open).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Start from")).ToBeFocusedAsync();
        await name.FillAsync("half-typed");
        await page.Keyboard.PressAsync("Escape");
        await Expect(question).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(question).ToBeHiddenAsync();
        await Expect(name).ToHaveValueAsync("half-typed");
        await Expect(name).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave without saving" }).ClickAsync();
        await Expect(name).ToBeHiddenAsync();
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Rows_CtrlA_SelectsThePageAndOnlyThere()
    {
        var page = await portal.OpenAsync("clients");
        var bar = page.GetByRole(AriaRole.Region, new() { Name = "Selected clients" });
        await Expect(page.Locator("tbody a.name").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Search client id, host or endpoint" }).FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await Expect(bar).ToHaveCountAsync(0);

        await page.Locator("tbody a.name").First.FocusAsync();
        await page.Keyboard.PressAsync("Control+a");

        await Expect(bar).ToContainTextAsync($"{await page.Locator("tbody td.tick").CountAsync()} selected");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Rows_ByKeys_AreSelectedAndPausedTogether()
    {
        var page = await portal.OpenAsync("tasks");
        await Expect(page.Locator("tbody a.name").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Expect(page.Locator("tbody a.name").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("x");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Selected tasks" })).ToContainTextAsync("1 selected");

        var bar = page.GetByRole(AriaRole.Region, new() { Name = "Selected tasks" });
        await bar.GetByRole(AriaRole.Button, new() { Name = "Pause" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog);
        var order = dialog.GetByRole(AriaRole.Button, new() { Name = "Pause 1 task" });
        await Expect(order).ToBeVisibleAsync();
        await order.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tbody .chip").First).ToContainTextAsync("Paused");

        // As it was, for those who come after. Keys rest as long as a dialog is on the page, and a closing one is for a moment.
        await Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await page.Locator("tbody a.name").First.FocusAsync();
        await Expect(page.Locator("tbody a.name").First).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("p");
        await Expect(page.Locator("tbody .chip").First).ToContainTextAsync("Running");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task PauseAndResume_ByKeys_KeepTheFocus()
    {
        var page = await portal.OpenAsync("tasks");
        var id = (await new Rest(page.Context.APIRequest).GetAsync("tasks?sort=created")).GetProperty("items")[0].GetProperty("id").GetString();
        await LivePortal.GoAsync(page, $"tasks/{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true })).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true })).ToBeFocusedAsync();
        await Expect(page.Locator("h1 .chip")).ToContainTextAsync("Running");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Cards_OnANarrowScreen_AreSortedAndSelected()
    {
        var page = await portal.OpenAsync("tasks", width: 320);
        var tick = page.Locator("tbody td.tick label").First;
        await Expect(tick).ToBeVisibleAsync();
        var target = (await tick.BoundingBoxAsync())!;
        Assert.Equal((44, 44), (target.Width, target.Height));

        await page.GetByLabel("Sort by").SelectOptionAsync("-name");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("sort=-name$"));
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select all on this page" }).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Selected tasks" })).ToContainTextAsync("selected");
        await Expect(page.Locator("tbody td.tick input").First).ToBeCheckedAsync();
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Live_ByKey_PausesAndGoesOn()
    {
        var page = await portal.OpenAsync("tasks");
        await Expect(page.Locator("button.live")).ToContainTextAsync("Live");

        await page.Keyboard.PressAsync("l");
        await Expect(page.Locator("button.live")).ToContainTextAsync("Paused");
        await page.Keyboard.PressAsync("l");
        await Expect(page.Locator("button.live")).ToContainTextAsync("Live");
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Preferences_ZoneAndKeys_AreFollowedAtOnceAndAfterALoad()
    {
        var page = await portal.OpenAsync("preferences");
        await page.GetByLabel("Time zone").SelectOptionAsync("UTC");
        await page.GetByLabel("Date and time, always").CheckAsync();
        await page.GetByRole(AriaRole.Switch, new() { Name = "Single keys are commands" }).UncheckAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-keys", "off");

        await LivePortal.GoAsync(page, "tasks");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-zone", "UTC");
        await Expect(page.Locator("tbody time").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$"));
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeHiddenAsync();

        await LivePortal.GoAsync(page, "preferences");
        await page.GetByLabel("Time zone").SelectOptionAsync("browser");
        await page.GetByLabel("The distance from now").CheckAsync();
        await page.GetByRole(AriaRole.Switch, new() { Name = "Single keys are commands" }).CheckAsync();
        await Expect(page.Locator("html")).Not.ToHaveAttributeAsync("data-keys", "off");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task ResumedCircuit_AfterAPause_IsTheSamePage()
    {
        var page = await portal.OpenAsync("clients");
        await Expect(page.Locator("tbody a.name").First).ToBeVisibleAsync();

        await page.EvaluateAsync("Blazor.pauseCircuit()");
        await page.EvaluateAsync("Blazor.resumeCircuit()");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Details of") }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Table).GetByText("Session expiry")).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }
}
