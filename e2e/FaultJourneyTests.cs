using Microsoft.Playwright;
using Portal.Tests;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>What happens to a page while somebody looks at it: the line is cut, a role is taken away, another person is faster.</summary>
[Collection(LivePortal.Name)]
public sealed class FaultJourneyTests(LivePortal portal) : IAsyncLifetime
{
    private const string EvasPassword = "correct donkey battery";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await portal.KeepEvidenceAsync();

    [Fact]
    public async Task Network_CutInTheWizard_IsToldAndKeepsWhatWasTyped()
    {
        // Not opened by the portal, which would take what the browser says of a cut line for a defect.
        var page = await portal.PageAsync();
        await LivePortal.GoAsync(page, "connections/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("cut line");

        await page.Context.SetOfflineAsync(true);
        await Expect(page.GetByText("Reconnecting", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByLabel("Description").FillAsync("typed while it was cut");
        await page.GetByLabel("User name").FillAsync("somebody");
        await Expect(page.Locator("#components-reconnect-modal")).ToContainTextAsync("What you typed is kept.");
        await page.Context.SetOfflineAsync(false);

        await Expect(page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        // Stored a moment after it arrived; read in another tab, for this one shows what was typed anyway.
        await Expect(page.GetByText("Draft saved")).ToBeVisibleAsync();
        var other = await page.Context.NewPageAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await LivePortal.GoAsync(other, page.Url);
                return await other.GetByLabel("Description").InputValueAsync() == "typed while it was cut" && await other.GetByLabel("User name").InputValueAsync() == "somebody";
            },
            "what was typed while the line was cut is in the draft");
        await Expect(other.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("cut line");
        await page.Context.DisposeAsync();
    }

    // Blazor shows its bar by setting the style of an element of this id; it does so too when the first attempt to mend a cut line fails.
    [Fact]
    public async Task Typed_EventThatTheServerKnowsNoMore_IsSentAgain()
    {
        var page = await portal.OpenAsync("connections/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        var name = page.GetByLabel("Name", new() { Exact = true });
        await Expect(name).ToBeVisibleAsync();

        // Lost, and told as Blazor tells it.
        await page.EvaluateAsync("document.body.addEventListener('input', event => event.stopPropagation(), { capture: true, once: true })");
        await name.FillAsync("typed-once");
        await page.EvaluateAsync("() => { Promise.reject(new Error(\"There was an exception invoking 'DispatchEventAsync'.\")); }");
        await Expect(page.GetByText("Draft saved")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await LivePortal.InteractiveAsync(page);

        await Expect(name).ToHaveValueAsync("typed-once");
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task BrokenPage_IsToldInsideTheScreenAndNotWhileTheLineIsCut()
    {
        var page = await portal.OpenAsync("tasks", 390, 844);
        var bar = page.Locator("#blazor-error-ui");
        await page.EvaluateAsync("document.getElementById('blazor-error-ui').style.display = 'block'");
        await Expect(bar.GetByText("This page stopped working")).ToBeInViewportAsync(new() { Ratio = 1 });
        await Expect(bar.GetByRole(AriaRole.Button, new() { Name = "Load it again" })).ToBeInViewportAsync(new() { Ratio = 1 });

        await page.Locator("html").EvaluateAsync("root => root.dataset.circuit = 'down'");
        await Expect(bar).ToBeHiddenAsync();
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Page_LostWhileATaskIsEdited_ShowsWhatWasTypedAgain()
    {
        var page = await portal.OpenAsync("tasks");
        var path = await FirstAsync(page, "/tasks/task-");
        await LivePortal.GoAsync(page, $"{path}/edit");
        await page.GetByLabel("Description").FillAsync("typed and not saved");
        // As after a crash of the browser: nothing is asked, and nothing is said.
        await page.CloseAsync(new() { RunBeforeUnload = false });

        var again = await portal.OpenAsync($"{path}/edit");
        await Expect(again.GetByText("stands in the form again")).ToBeVisibleAsync();
        await Expect(again.GetByLabel("Description")).ToHaveValueAsync("typed and not saved");
        await again.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Expect(again.GetByLabel("Description")).Not.ToHaveValueAsync("typed and not saved");
        await LivePortal.GoAsync(again, $"{path}/edit");
        await Expect(again.GetByText("stands in the form again")).ToBeHiddenAsync();
        await again.Context.DisposeAsync();
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Role_TakenAwayWhileTheListIsOpen_RefusesTheNextCommandInWords()
    {
        var evas = await EvaAsync("eva");
        await LivePortal.GoAsync(evas, "tasks");
        var row = evas.Locator("tbody tr").First;
        await Expect(row).ToBeVisibleAsync();

        var users = await portal.PageAsync();
        await users.GotoAsync("account/users");
        await users.GetByLabel("Role of eva").SelectOptionAsync("Viewer");
        await users.Locator("form", new() { Has = users.GetByLabel("Role of eva") }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(users.GetByLabel("Role of eva")).ToHaveValueAsync("Viewer");
        await users.Context.DisposeAsync();

        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("^Actions") }).ClickAsync();
        await evas.GetByRole(AriaRole.Menuitem, new() { Name = "Pause" }).ClickAsync();
        await Expect(evas.GetByText("needs the role Administrator, which eva does not have")).ToBeVisibleAsync();
        await evas.Context.DisposeAsync();
    }

    [Fact]
    public async Task TwoOperators_OnOneConnection_BothCountAfterAMerge()
    {
        var (mine, theirs) = (await portal.OpenAsync("connections"), await EvaAsync("theo"));
        var path = await FirstAsync(mine, "/connections/resource-");
        foreach (var page in new[] { mine, theirs })
        {
            await LivePortal.GoAsync(page, $"{path}/settings");
        }

        var before = await theirs.GetByLabel("Name", new() { Exact = true }).InputValueAsync();
        await theirs.GetByLabel("Name", new() { Exact = true }).FillAsync("renamed by them");
        await SaveAsync(theirs);
        await Expect(theirs.GetByRole(AriaRole.Heading, new() { Name = "renamed by them" })).ToBeVisibleAsync();
        await mine.GetByLabel("Description").FillAsync("described by me");
        await SaveAsync(mine);

        await Expect(mine.GetByText("Nothing of yours was saved")).ToBeVisibleAsync();
        await mine.GetByRole(AriaRole.Button, new() { Name = "Merge mine on top" }).ClickAsync();
        await Expect(mine.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("renamed by them");
        await SaveAsync(mine);
        await Expect(mine.GetByRole(AriaRole.Heading, new() { Name = "renamed by them" })).ToBeVisibleAsync();
        await Expect(mine.GetByLabel("Description")).ToHaveValueAsync("described by me");

        await mine.GetByLabel("Name", new() { Exact = true }).FillAsync(before);
        await SaveAsync(mine);
        await Expect(mine.GetByRole(AriaRole.Heading, new() { Name = before })).ToBeVisibleAsync();
        await theirs.Context.DisposeAsync();
        await mine.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Task_DeletedWhileItsPageIsOpen_SaysSoAndKeepsWhatItShowed()
    {
        var page = await portal.OpenAsync("tasks");
        var rest = new Rest(page.APIRequest);
        var id = await rest.CreateTaskAsync("short-lived", []);
        await LivePortal.GoAsync(page, $"tasks/{id}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "short-lived" })).ToBeVisibleAsync();

        await rest.DeleteAsync($"tasks/{id}");

        await Expect(page.GetByText("This task was deleted.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "short-lived" })).ToBeVisibleAsync();
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    [Fact]
    public async Task Names_OfAnyScriptAndLength_StayInsideEveryPage()
    {
        var page = await portal.OpenAsync("connections");
        var rest = new Rest(page.APIRequest);
        var cluster = (await rest.GetAsync("mqtt-clusters"))[0].GetProperty("id").GetString();
        var instance = (await rest.GetAsync("kafka-instances"))[0].GetProperty("id").GetString();
        var connections = new List<string>();
        foreach (var name in new[] { "连接 数据 🚀 生产", "اتصال المصنع رقم ٧", "<b>bold</b> & \"quotes\" {{x}}", new string('Ω', 128) })
        {
            connections.Add((await rest.PostAsync("connections", new
            {
                name,
                description = new string('d', 128),
                mqttClusterId = cluster,
                userName = LivePortal.ConnectorUser,
                password = new { kind = "Replace", value = LivePortal.ConnectorPassword },
            })).GetProperty("id").GetString()!);
        }

        var longest = connections[^1];
        var taskId = await rest.CreateTaskAsync(new string('t', 64), new()
        {
            ["topics"] = Enumerable.Range(0, 200).Select(line => $"plant/line-{line}/sensor/+/temperature/room-{line * 7}").ToList(),
            ["connectionId"] = longest,
        });
        foreach (var path in new[]
        {
            "", "connections", $"connections/{longest}", $"connections/{longest}/tasks", $"connections/{longest}/events", $"connections/{longest}/settings",
            $"clusters/mqtt/{cluster}", $"clusters/kafka/{instance}", "tasks", $"tasks/{taskId}", $"tasks/{taskId}/clients", $"tasks/{taskId}/mapping", $"tasks/{taskId}/events",
            $"tasks/{taskId}/settings", $"tasks/{taskId}/edit", "clients", "dead-letters",
        })
        {
            await LivePortal.GoAsync(page, path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
            foreach (var width in new[] { 1280, 320 })
            {
                await page.SetViewportSizeAsync(width, 900);
                // A chart takes its new width with the next frame.
                await Eventually.TrueAsync(
                    async () => await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0,
                    $"{path} fits into {width} px");
            }
        }

        // The names would bring their fonts into every list that another test measures.
        await rest.DeleteTaskAsync(taskId);
        foreach (var connection in connections)
        {
            await rest.DeleteAsync($"connections/{connection}");
        }

        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    private static async Task SaveAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Review and save" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Save") }).ClickAsync();
    }

    private static async Task<string> FirstAsync(IPage list, string address)
    {
        var link = list.Locator($"a[href^='{address}']").First;
        await Expect(link).ToBeVisibleAsync();
        return (await link.GetAttributeAsync("href"))!.TrimStart('/');
    }

    // The first task once more under another name.
    // A second administrator, signed in.
    private async Task<IPage> EvaAsync(string name)
    {
        var users = await portal.PageAsync();
        await users.GotoAsync("account/users");
        await users.GetByLabel("User name").FillAsync(name);
        await users.GetByLabel("Password, at least 10 characters").FillAsync(EvasPassword);
        await users.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("Administrator");
        await users.GetByRole(AriaRole.Button, new() { Name = "Add user" }).ClickAsync();
        await Expect(users.GetByLabel($"Role of {name}")).ToBeVisibleAsync();
        await users.Context.DisposeAsync();

        var page = await portal.StrangerAsync();
        await page.GotoAsync("account/sign-in");
        await page.GetByLabel("User name").FillAsync(name);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(EvasPassword);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await LivePortal.InteractiveAsync(page);
        return page;
    }
}
