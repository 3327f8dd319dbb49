using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>The main job as an operator does it: a connection, a task with it, live numbers, an edit that restarts, the end of both.</summary>
[Collection(LivePortal.Name)]
public partial class JourneyTests(LivePortal portal) : IAsyncDisposable
{
    [Fact]
    public async Task Operator_FromConnectionToDeletion_SeesEveryStep()
    {
        var page = await portal.OpenAsync("connections");
        await ConnectWithWrongThenRightPasswordAsync(page);
        await CreateTaskAsync(page);
        var task = page.Url;
        await SeeMessagesMoveAsync(page);
        await EditConnectionWithRestartAsync(page);
        await RefuseDeletionInUseAsync(page);
        await LivePortal.GoAsync(page, task);
        await DeleteTaskAsync(page);
        await DeleteConnectionAsync(page);
        portal.AssertCalm();
    }

    public async ValueTask DisposeAsync()
    {
        await portal.KeepEvidenceAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task ConnectWithWrongThenRightPasswordAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Create connection" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await Expect(page.GetByText("Name", new() { Exact = false }).First).ToBeVisibleAsync();
        await Expect(page.Locator("[aria-invalid=true]").First).ToBeVisibleAsync();

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("fleet-gate");
        await page.GetByLabel("MQTT cluster").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("User name").FillAsync(LivePortal.ConnectorUser);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await Expect(page.GetByText("User name or password is wrong")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Create connection" })).ToBeDisabledAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("fleet-gate");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(LivePortal.ConnectorPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Create connection" })).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create connection" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Create a task with it" }).ClickAsync();
    }

    private static async Task CreateTaskAsync(IPage page)
    {
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("fleet-to-kafka");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: source" }).ClickAsync();
        await Expect(page.GetByLabel("Connection").Locator("option:checked")).ToContainTextAsync("fleet-gate");
        await page.GetByLabel("Topics").FillAsync("fleet/#");
        await page.GetByLabel("Topics").PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: mapping" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: target" }).ClickAsync();
        await page.GetByLabel("Kafka instance").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("Topic", new() { Exact = true }).FillAsync("fleet");
        await page.GetByLabel("Create missing topics").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: review" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create task" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("fleet-to-kafka");
        await page.WaitForURLAsync(TaskUrl());
    }

    private static async Task SeeMessagesMoveAsync(IPage page)
    {
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Running");
        await Expect(page.GetByText("0 unaccounted for")).ToBeVisibleAsync();
        var delivered = page.Locator(".b", new() { HasText = "Delivered" }).Locator("strong");
        await Expect(delivered).Not.ToHaveTextAsync("0");
        var before = await delivered.InnerTextAsync();
        await Expect(delivered).Not.ToHaveTextAsync(before);
    }

    private static async Task EditConnectionWithRestartAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "fleet-gate" }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("fleet-gate");
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Replace" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(LivePortal.ConnectorPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Review" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("Update and restart all associated tasks")).ToBeVisibleAsync();
        await Expect(dialog.GetByText("fleet-to-kafka")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Switch)).ToBeCheckedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = SaveAndRestart() }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/operations/op-"));
        await LivePortal.GoAsync(page, "operations");
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Done", Exact = true }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    private static async Task RefuseDeletionInUseAsync(IPage page)
    {
        await LivePortal.GoAsync(page, "connections");
        await ChooseInRowAsync(page, "fleet-gate", "Delete");
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByText("fleet-to-kafka")).ToBeVisibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
    }

    private static async Task DeleteTaskAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "More actions" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete" }).ClickAsync();
        await TypeNameAndDeleteAsync(page, "fleet-to-kafka");
        await Expect(page.GetByText("This task was deleted")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "All tasks" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Tasks", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "fleet-to-kafka" })).ToBeHiddenAsync();
    }

    private static async Task DeleteConnectionAsync(IPage page)
    {
        await LivePortal.GoAsync(page, "connections");
        await ChooseInRowAsync(page, "fleet-gate", "Delete");
        await TypeNameAndDeleteAsync(page, "fleet-gate");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "fleet-gate", Exact = true })).ToBeHiddenAsync();
    }

    private static async Task ChooseInRowAsync(IPage page, string row, string action)
    {
        await page.GetByRole(AriaRole.Row, new() { Name = row }).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Actions|More") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = action }).ClickAsync();
    }

    private static async Task TypeNameAndDeleteAsync(IPage page, string name)
    {
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Textbox).FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($"^Delete .*{name}$") }).ClickAsync();
    }

    [GeneratedRegex("/tasks/task-[a-z0-9]{8}")]
    private static partial Regex TaskUrl();

    [GeneratedRegex("Save and restart")]
    private static partial Regex SaveAndRestart();
}
