using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>What an operator does in a day, by keyboard alone. Pausing many is in <see cref="KeyboardTests"/>.</summary>
[Collection(LivePortal.Name)]
public class KeyboardJourneyTests(LivePortal portal) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await portal.KeepEvidenceAsync();
    }

    [Fact]
    public async Task SignIn_ByKeys_LeadsToThePageThatWasAskedFor()
    {
        var page = await portal.StrangerAsync();
        var hand = new KeyboardHand(page);
        await page.GotoAsync("connections");
        await hand.TypeAsync(page.GetByLabel("User name"), LivePortal.Administrator);
        await hand.TypeAsync(page.GetByLabel("Password"), LivePortal.Password);
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connections", Level = 1 })).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
    }

    [Fact]
    public async Task Operator_ByKeys_CreatesConnectionAndTaskAndEditsWithRestart()
    {
        var page = await portal.OpenAsync("connections");
        var hand = new KeyboardHand(page);
        await CreateConnectionAsync(page, hand);
        await CreateTaskAsync(page, hand);
        await EditWithRestartAsync(page, hand);
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task FailedTask_ByKeys_IsRestarted()
    {
        var page = await portal.OpenAsync("tasks");
        var api = new Rest(page.Context.APIRequest);
        var id = await api.CreateRefusingAsync("keys-stops", "Stop");
        var hand = new KeyboardHand(page);
        await LivePortal.GoAsync(page, "tasks?q=keys-stops");
        var row = page.Locator("tbody a.name");
        await Expect(page.Locator("tbody .chip")).ToContainTextAsync("Failed");

        await page.Keyboard.PressAsync("j");
        await Expect(row).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("r");
        await hand.PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Restart") }));

        // It stops again at its next message, as it must: what counts is that it was started anew.
        await Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await Expect(row).ToBeFocusedAsync();
        await Tests.Eventually.TrueAsync(
            async () => (await api.GetAsync($"tasks/{id}/events?count=50")).ToString().Contains("Restarted", StringComparison.Ordinal), "the restart stands in its events");
        await api.PostAsync($"tasks/{id}/pause");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task DeadLetters_ByKeys_AreOpenedAndSentAgain()
    {
        var page = await portal.OpenAsync("tasks");
        var api = new Rest(page.Context.APIRequest);
        var id = await api.CreateRefusingAsync("keys-refuses", "DeadLetter");
        await Tests.Eventually.TrueAsync(
            async () => (await api.GetAsync($"tasks/{id}")).GetProperty("live").GetProperty("books").GetProperty("deadLettered").GetInt64() > 2, "letters are there");
        await api.PostAsync($"tasks/{id}/pause");
        var hand = new KeyboardHand(page);
        await LivePortal.GoAsync(page, $"tasks/{id}/dead-letters");
        var first = page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Dead letter ") }).First;

        await hand.PressAsync(first);
        await Expect(page.GetByText("Would fail again", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(first).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send again", Exact = true })).ToHaveAttributeAsync("aria-disabled", "true");
        await Expect(page.GetByText("$.no.such.member").First).ToBeVisibleAsync();
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Send all again" }));
        await Expect(page.GetByText("None would pass the mapping now")).ToBeVisibleAsync();
        await hand.ReachAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Close" }));
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);

        // What would be sent now does not pass: mended, all of it is.
        var task = await api.GetAsync($"tasks/{id}");
        var settings = JsonSerializer.Deserialize<Dictionary<string, object?>>(task.GetProperty("settings").GetRawText())!;
        settings["key"] = "Topic";
        await api.PutAsync($"tasks/{id}?revision={task.GetProperty("revision").GetInt64()}", settings);
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Send all again" }));
        await hand.PressAsync(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Send [0-9]+ dead letters again") }));
        await Tests.Eventually.TrueAsync(
            async () => (await api.GetAsync("operations")).GetProperty("items").EnumerateArray().Any(operation =>
                operation.GetProperty("title").GetString()!.Contains("keys-refuses", StringComparison.Ordinal)
                && operation.GetProperty("state").GetString() == "Succeeded"),
            "the operation that sends them succeeded");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    private static async Task CreateConnectionAsync(IPage page, KeyboardHand hand)
    {
        await page.Keyboard.PressAsync("n");
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }));
        await hand.TypeAsync(page.GetByLabel("Name", new() { Exact = true }), "keys-gate");
        await hand.ChooseAsync(page.GetByLabel("MQTT cluster"), "Sandbox");
        await hand.TypeAsync(page.GetByLabel("User name"), LivePortal.ConnectorUser);
        await hand.TypeAsync(page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }), LivePortal.ConnectorPassword);
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }));
        var create = page.GetByRole(AriaRole.Button, new() { Name = "Create connection" });
        await Expect(create).ToBeEnabledAsync();
        await hand.PressAsync(create);
        await hand.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Create a task with it" }));
    }

    private static async Task CreateTaskAsync(IPage page, KeyboardHand hand)
    {
        await hand.TypeAsync(page.GetByLabel("Name", new() { Exact = true }), "keys-to-kafka");
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Next: source" }));
        await hand.ReachAsync(page.GetByLabel("Topics"));
        await page.Keyboard.TypeAsync("fleet/#");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".chips .tag")).ToHaveTextAsync(["fleet/#"]);
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Next: mapping" }));
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Next: target" }));
        await hand.ChooseAsync(page.GetByLabel("Kafka instance"), "Sandbox");
        await hand.TypeAsync(page.GetByLabel("Topic", new() { Exact = true }), "keys");
        await hand.PressAsync(page.GetByLabel("Create missing topics"), "Space");
        await Expect(page.GetByLabel("Create missing topics")).ToBeCheckedAsync();
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Next: review" }));
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Create task" }));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("keys-to-kafka");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Running");
    }

    private static async Task EditWithRestartAsync(IPage page, KeyboardHand hand)
    {
        await hand.PressAsync(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "keys-gate" }).First);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("keys-gate");
        await hand.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Settings" }));
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Replace" }));
        await hand.TypeAsync(page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }), LivePortal.ConnectorPassword);
        await hand.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Review" }));
        var dialog = page.GetByRole(AriaRole.Dialog);
        await hand.ReachAsync(dialog.GetByRole(AriaRole.Switch));
        await Expect(dialog.GetByRole(AriaRole.Switch)).ToBeCheckedAsync();
        await hand.PressAsync(dialog.GetByRole(AriaRole.Button, new() { Name = "Save and restart 1 task" }));
        await Expect(page).ToHaveURLAsync(new Regex("/operations/op-"));
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Done" }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }
}
