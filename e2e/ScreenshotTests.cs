using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>Makes the pictures of README and docs. Runs on request only: an ordinary run changes no tracked file.</summary>
[Collection(LivePortal.Name)]
[Trait("Category", "Screenshots")]
public class ScreenshotTests(LivePortal portal)
{
    private static readonly (int Width, int Height)[] Sizes = [(1280, 800), (390, 844)];

    [Fact]
    public async Task Pages_AreShownAtWork()
    {
        var folder = Environment.GetEnvironmentVariable("PORTAL_SCREENSHOTS") ?? throw new InvalidOperationException("Run ./test.sh screenshots.");
        Directory.CreateDirectory(folder);
        var start = await portal.OpenAsync("tasks");
        var rest = new Rest(start.APIRequest);
        var task = $"tasks/{await FirstAsync(rest, "tasks?sort=created")}";
        var connection = $"connections/{await FirstAsync(rest, "connections?sort=created")}";
        var cluster = $"clusters/mqtt/{(await rest.GetAsync("mqtt-clusters"))[0].GetProperty("id").GetString()}";
        var kafka = (await rest.GetAsync("kafka-instances"))[0];
        await rest.TestKafkaAsync(kafka);
        var kafkaId = kafka.GetProperty("id").GetString();
        var instance = $"clusters/kafka/{kafkaId}";
        var refusing = $"tasks/{await FillAsync(rest)}";
        await rest.PostAsync("tasks/bulk/Restart", new { query = new { status = new[] { "Running" } } });
        var operation = $"operations/{await FirstAsync(rest, "operations")}";
        await start.Context.DisposeAsync();
        // A chart of half a minute says little; this is the only wait for time in these tests, and only for the look.
        await Task.Delay(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        foreach (var (width, height) in Sizes)
        {
            foreach (var (name, path) in new[]
            {
                ("overview", ""), ("tasks", "tasks"), ("task", task), ("task-clients", $"{task}/clients"), ("task-mapping", $"{task}/mapping"),
                ("task-messages", $"{task}/messages"), ("task-dead-letters", $"{refusing}/dead-letters"), ("task-events", $"{task}/events"),
                ("task-settings", $"{task}/settings"), ("task-edit", $"{task}/edit"), ("connections", "connections"), ("connection", connection),
                ("connection-events", $"{connection}/events"), ("connection-settings", $"{connection}/settings"), ("mqtt-cluster", cluster),
                ("kafka-instance", instance), ("topics", $"clusters/{kafkaId}/topics"), ("dead-letters", "dead-letters"), ("clients", "clients"),
                ("clusters", "clusters"), ("operations", "operations"), ("operation", operation), ("task-new", "tasks/new/source"),
                ("task-new-mapping", "tasks/new/mapping"), ("task-new-target", "tasks/new/target"), ("preferences", "preferences"),
            })
            {
                var page = await portal.OpenAsync(path, width, height);
                await page.WaitForTimeoutAsync(2_500);
                await ShootAsync(page, folder, name, width);
                await page.Context.DisposeAsync();
            }

            await ShootValidationAsync(folder, width, height);
            var stranger = await portal.StrangerAsync();
            await stranger.SetViewportSizeAsync(width, height);
            await stranger.GotoAsync("account/sign-in");
            await ShootAsync(stranger, folder, "sign-in", width);
            await stranger.Context.DisposeAsync();
        }

        portal.AssertCalm();
    }

    private static async Task<string> FirstAsync(Rest rest, string list) =>
        (await rest.GetAsync(list)).GetProperty("items")[0].GetProperty("id").GetString()!;

    /// <summary>Tasks in several states, with the devices of the sandbox, so that the pictures show what an operator sees on a common day.</summary>
    /// <returns>The id of the one that has dead letters.</returns>
    private static async Task<string> FillAsync(Rest rest)
    {
        string[] plates = ["city/+/plates"];
        await rest.CreateTaskAsync("fleet-positions", new() { ["topics"] = new[] { "fleet/+/gps" }, ["clients"] = 1 });
        await rest.CreateTaskAsync("speeding", new() { ["topics"] = plates, ["filter"] = "payload.speed > 60", ["key"] = "PayloadPath", ["keyArgument"] = "$.plate" });
        await rest.CreateTaskAsync("plates-by-gate", new() { ["topics"] = plates, ["distribution"] = "Template", ["topicTemplate"] = "plates.{topic[1]}", ["topic"] = "" });
        await rest.CreateTaskAsync("hvac", new() { ["topics"] = new[] { "plant/+/hvac" }, ["clients"] = 1 }, paused: true);
        var refusing = await rest.CreateTaskAsync(
            "line2-orders", new() { ["topics"] = new[] { "plant/line2/+/temp" }, ["key"] = "PayloadPath", ["keyArgument"] = "$.order", ["clients"] = 1 });

        var cluster = (await rest.GetAsync("mqtt-clusters"))[0].GetProperty("id").GetString();
        object Line3(string password) => new
        {
            name = "line-3",
            description = "Gateway of line 3",
            mqttClusterId = cluster,
            userName = LivePortal.ConnectorUser,
            password = new { kind = "Replace", value = password },
        };
        var connection = (await rest.PostAsync("connections", Line3(LivePortal.ConnectorPassword))).GetProperty("id").GetString()!;
        await rest.CreateTaskAsync("line3-quality", new() { ["connectionId"] = connection, ["topics"] = new[] { "plant/line3/#" } });
        var revision = (await rest.GetAsync($"connections/{connection}")).GetProperty("revision").GetInt64();
        await rest.PutAsync($"connections/{connection}?revision={revision}&skipValidation=true", Line3("a password of last year"));
        await rest.TestAsync(connection);
        return refusing;
    }

    private async Task ShootValidationAsync(string folder, int width, int height)
    {
        var page = await portal.OpenAsync("connections/new", width, height);
        await page.GetByRole(AriaRole.Button, new() { Name = "MQTT Cluster" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("line-7");
        await page.GetByLabel("MQTT cluster").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.GetByLabel("User name").FillAsync(LivePortal.ConnectorUser);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("not this one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next: validate" }).ClickAsync();
        await Expect(page.GetByText("User name or password is wrong")).ToBeVisibleAsync();
        await ShootAsync(page, folder, "connection-validate", width);
        await page.Context.DisposeAsync();
    }

    private static async Task ShootAsync(IPage page, string folder, string name, int width)
    {
        foreach (var dark in new[] { false, true })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            await page.WaitForTimeoutAsync(300);
            await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}-{width}.png"),
                FullPage = width < 1000,
                Animations = ScreenshotAnimations.Disabled,
            });
        }
    }
}
