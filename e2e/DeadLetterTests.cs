using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Portal.EndToEnd;

/// <summary>A task whose mapping fits no message: its dead letters are looked at, the mapping is mended, and all are sent again.</summary>
[Collection(LivePortal.Name)]
public class DeadLetterTests(LivePortal portal) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await portal.KeepEvidenceAsync();
    }

    [Fact]
    public async Task MendedMapping_DeadLettersSentAgain_ReachTheTopicAndLeaveTheList()
    {
        var page = await portal.OpenAsync("tasks");
        var api = new Rest(page.Context.APIRequest);
        var id = await api.CreateRefusingAsync("refuses-all", "DeadLetter");
        await LivePortal.GoAsync(page, $"tasks/{id}/dead-letters");
        var again = page.GetByRole(AriaRole.Button, new() { Name = "Read again" }).Or(page.GetByRole(AriaRole.Button, new() { Name = "Look again" }));
        await Expect(async () =>
        {
            await again.First.ClickAsync();
            await Expect(page.Locator("tbody tr").First).ToBeVisibleAsync(new() { Timeout = 1_000 });
        });
        await api.PostAsync($"tasks/{id}/pause");
        await Expect(page.GetByText("Mapping failed").First).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Dead letter ") }).First.ClickAsync();
        await Expect(page.GetByText("Would fail again", new() { Exact = true })).ToBeVisibleAsync();

        var task = await api.GetAsync($"tasks/{id}");
        await api.PutAsync($"tasks/{id}?revision={task.GetProperty("revision").GetInt64()}", With(task.GetProperty("settings"), "key", "Topic"));
        await LivePortal.GoAsync(page, $"tasks/{id}/dead-letters");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Dead letter ") }).First.ClickAsync();
        await Expect(page.GetByText("Would pass now")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Send again", Exact = true }).ClickAsync();
        await Expect(page.GetByText("The dead letter is in Kafka")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send all again" }).ClickAsync();
        await Expect(page.GetByText("would pass the mapping now, 0 would fail again")).ToBeVisibleAsync();
        await page.Locator(".mud-dialog .btn.primary").ClickAsync();

        await Expect(async () =>
        {
            await LivePortal.GoAsync(page, $"tasks/{id}/dead-letters");
            await Expect(page.GetByText("No dead letters")).ToBeVisibleAsync(new() { Timeout = 2_000 });
        });
        var operation = (await api.GetAsync("operations")).GetProperty("items")[0];
        Assert.Equal("Succeeded", operation.GetProperty("state").GetString());
        await LivePortal.GoAsync(page, $"tasks/{id}/messages?count=100");
        await Expect(page.Locator("tbody tr").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Record ") }).First.ClickAsync();
        await Expect(page.Locator(".headers").GetByText("mqtt.topic")).ToBeVisibleAsync();
        await Expect(page.Locator(".headers").GetByText("dead.letter.reason")).ToHaveCountAsync(0);
        await page.Context.DisposeAsync();
        portal.AssertCalm();
    }

    private static Dictionary<string, object?> With(JsonElement settings, string name, object? value)
    {
        var changed = JsonSerializer.Deserialize<Dictionary<string, object?>>(settings.GetRawText())!;
        changed[name] = value;
        return changed;
    }

    // Polls: a topic is read when it is asked for, and the devices take their time.
    private static async Task Expect(Func<Task> assertion)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (PlaywrightException) when (!deadline.IsCancellationRequested)
            {
            }
        }
    }

    private static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);
}
