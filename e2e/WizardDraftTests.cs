using Microsoft.Playwright;
using Portal.Tests;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>A half-filled wizard against everything that takes a page away: a reload, and a server that is killed in step 3.</summary>
public class WizardDraftTests : IAsyncLifetime
{
    // Its own: the server is killed.
    private readonly LivePortal _portal = new();

    public ValueTask InitializeAsync() => _portal.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _portal.KeepEvidenceAsync();
        await _portal.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Task_ServerKilledInStepThree_KeepsEveryFieldAndTheStep()
    {
        var page = await _portal.OpenAsync("tasks/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("half-done");
        await page.GetByLabel("Description").FillAsync("not yet");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: source" }).ClickAsync();
        await page.GetByLabel("Topics").FillAsync("fleet/#, plant/#,");
        await page.GetByLabel("SQL filter").FillAsync("payload.speed > 5 AND");
        await page.GetByLabel("Clients", new() { Exact = true }).FillAsync("3");
        await page.GetByRole(AriaRole.Link, new() { Name = "Mapping" }).ClickAsync();
        await page.GetByLabel("Key", new() { Exact = true }).SelectOptionAsync("Template");
        await page.GetByLabel("Key template").FillAsync("{topic[1]}-{cli");
        await page.GetByLabel("Header prefix").FillAsync("x-");
        await Expect(page.Locator(".marked u")).ToHaveTextAsync("{cli");
        await Expect(page.GetByText("Draft saved")).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/tasks/new/draft-[a-z0-9]{8}/mapping$"));
        var address = page.Url;

        await _portal.Server.KillAsync();
        await _portal.Server.StartAsync();
        await LivePortal.GoAsync(page, address);

        await Expect(page.GetByLabel("Key template")).ToHaveValueAsync("{topic[1]}-{cli");
        await Expect(page.GetByLabel("Header prefix")).ToHaveValueAsync("x-");
        await Expect(page.Locator(".steps [aria-current=step]")).ToContainTextAsync("Mapping");
        await page.GoBackAsync();
        await LivePortal.GoAsync(page, address.Replace("/mapping", "/source", StringComparison.Ordinal));
        await Expect(page.Locator(".chips .tag")).ToHaveTextAsync(["fleet/#", "plant/#"]);
        await Expect(page.GetByLabel("SQL filter")).ToHaveValueAsync("payload.speed > 5 AND");
        await Expect(page.GetByLabel("Clients", new() { Exact = true })).ToHaveValueAsync("3");
        await LivePortal.GoAsync(page, "tasks");
        await page.GetByRole(AriaRole.Link, new() { Name = "Continue your draft “half-done”" }).ClickAsync();
        await Expect(page.Locator(".steps [aria-current=step]")).ToContainTextAsync("Source");
        await page.GetByRole(AriaRole.Link, new() { Name = "Basics" }).ClickAsync();
        await Expect(page.GetByLabel("Description")).ToHaveValueAsync("not yet");
        Assert.Empty(_portal.Server.Faults);
    }

    [Fact]
    public async Task Clusters_ServerKilledInTheForm_KeepWhatWasTypedAndShowNoSecret()
    {
        var page = await _portal.OpenAsync("clusters?register=kafka");
        await page.GetByLabel("Bootstrap servers").FillAsync("kafka-1.example:9092");
        await page.GetByLabel("Security").SelectOptionAsync("SaslPlaintext");
        await page.GetByLabel("User name").FillAsync("portal");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("canary-e2e-secret");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("orders");
        var rest = new Rest(page.Context.APIRequest);
        await Eventually.TrueAsync(
            async () => (await rest.GetAsync("drafts")).EnumerateArray().Any(draft => draft.GetProperty("title").GetString() == "orders"), "the last field is kept");

        await _portal.Server.KillAsync();
        await _portal.Server.StartAsync();
        await LivePortal.GoAsync(page, "clusters");

        await page.GetByRole(AriaRole.Button, new() { Name = "Continue your draft of a Kafka instance “orders”" }).ClickAsync();
        await Expect(page.GetByLabel("Bootstrap servers")).ToHaveValueAsync("kafka-1.example:9092");
        await Expect(page.GetByText("Typed before, not shown")).ToBeVisibleAsync();
        Assert.DoesNotContain("canary-e2e-secret", await page.ContentAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Register", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Kafka instance orders registered")).ToBeVisibleAsync();
        await Expect(page.GetByText("Continue your draft")).ToHaveCountAsync(0);

        // The port of the sandbox is another one now; that is nobody's change.
        await page.GetByRole(AriaRole.Link, new() { Name = "Sandbox broker", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Available")).ToBeVisibleAsync();
        await Expect(page.GetByText("Check outdated")).ToHaveCountAsync(0);
        Assert.Empty(_portal.Server.Faults);
    }

    [Fact]
    public async Task Connection_ReloadedInStepTwo_KeepsThePasswordAndShowsItNowhere()
    {
        var page = await _portal.OpenAsync("connections/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("fleet-gate");
        await page.GetByLabel("MQTT cluster").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("User name").FillAsync(LivePortal.ConnectorUser);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(LivePortal.ConnectorPassword);
        await Expect(page.GetByText("Draft saved")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await LivePortal.InteractiveAsync(page);

        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("fleet-gate");
        await Expect(page.GetByText("Typed before, not shown")).ToBeVisibleAsync();
        Assert.DoesNotContain(LivePortal.ConnectorPassword, await page.ContentAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create connection" }).ClickAsync();
        await Expect(page.GetByText("fleet-gate is ready")).ToBeVisibleAsync();
        var made = page.Url;
        Assert.Contains("/connections/resource-", made, StringComparison.Ordinal);
        await page.ReloadAsync();
        await LivePortal.InteractiveAsync(page);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("fleet-gate");
        await page.GoBackAsync();
        await Expect(page.GetByText("This draft is no more")).ToBeVisibleAsync();
        await Expect(page.Locator("main form")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Begin a new connection" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" })).ToBeVisibleAsync();
        await LivePortal.GoAsync(page, "connections");
        await Expect(page.GetByText("Continue your draft")).ToHaveCountAsync(0);
        _portal.AssertCalm();
    }

    [Fact]
    public async Task Sample_OfLiveMessages_ShowsThemBesideTheirRecordsAtOnce()
    {
        var page = await _portal.OpenAsync("tasks/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("sampled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: source" }).ClickAsync();
        await page.GetByLabel("Connection", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("Topics").FillAsync("#,");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start sampling 30 s" }).ClickAsync();
        await Expect(page.Locator(".sample .ch")).ToContainTextAsync("20 samples");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop sampling" }).ClickAsync();
        await Expect(page.GetByText("Stopped after")).ToBeVisibleAsync();
        await page.GetByLabel("SQL filter").FillAsync("qos = 7");
        await Expect(page.GetByText("0 of 20 samples pass.")).ToBeVisibleAsync();
        await page.GetByLabel("SQL filter").FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: mapping" }).ClickAsync();

        await page.GetByLabel("Header prefix").FillAsync("from-");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Kafka record" })).ToContainTextAsync("from-mqtt.topic");
        _portal.AssertCalm();
    }
}
