using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Quality;

/// <summary>
/// From a change in the engine to the frame that shows it, while the feed carries about a thousand changes a second: 260 tasks at work, each
/// another one at every look of the feed. Engine, hub and browser read the same clock.
/// </summary>
[Collection(LivePortal.Name)]
public class ChangeTests(QualityTable table)
{
    private const int Running = 260;
    private const int Switched = 30;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    // Noted in the frame after the change and not at the change itself: a person sees frames.
    private const string Note = """
        () => {
          window.figures = [];
          window.words = [];
          const body = document.querySelector("tbody");
          const words = () => new Map([...body.querySelectorAll("tr")].map(row => [row.dataset.row, row.querySelector(".chip").textContent]));
          let before = words();
          new MutationObserver(changes => requestAnimationFrame(() => {
            const at = Date.now();
            for (const { target } of changes) {
              const cell = target.parentElement?.closest?.("[data-cell$='/delivered']");
              if (cell) { window.figures.push({ id: cell.dataset.cell.split("/")[0], text: target.nodeValue.replace(/\D/g, ""), at }); }
            }
            const now = words();
            for (const [id, text] of now) {
              if (before.get(id) !== text) { window.words.push({ id, text, at }); }
            }
            before = now;
          })).observe(body, { subtree: true, childList: true, characterData: true });
        }
        """;

    private sealed record Seen(string Id, string Text, double At);

    [Fact]
    public async Task Change_WhileThousandsComeIn_ReachesTheScreen()
    {
        await using var crowd = new CrowdedPortal(Running, new() { ["Sandbox:MessagesPerSecond"] = "16" });
        await crowd.StartAsync();
        var portal = crowd.Portal;
        await portal.SettleAsync();
        var page = await portal.OpenAsync("tasks?q=line-00&sort=name&size=50&cols=status,in,out,delivered");
        await Expect(page.Locator("tbody .chip", new() { HasText = "Running" })).ToHaveCountAsync(50);
        await using var feed = await Observed.FollowAsync(portal, page);
        await page.EvaluateAsync(Note);

        var before = feed.Changes;
        // A rate needs its time.
        await Task.Delay(Watched, TestContext.Current.CancellationToken);
        var changes = (feed.Changes - before) / Watched.TotalSeconds;
        var figures = await SeenAsync(page, "figures");

        var ids = await page.Locator("tbody tr").EvaluateAllAsync<string[]>($"rows => rows.slice(0, {Switched}).map(row => row.dataset.row)");
        foreach (var id in ids)
        {
            foreach (var (verb, word) in new[] { ("pause", "Paused"), ("resume", "Running") })
            {
                var answer = await page.APIRequest.PostAsync($"api/v1/tasks/{id}/{verb}", new() { Headers = new Dictionary<string, string> { ["X-Portal-Request"] = "1" } });
                Assert.True(answer.Ok, await answer.TextAsync());
                await Expect(page.Locator($"tr[data-row='{id}'] .chip")).ToHaveTextAsync(word);
            }
        }

        var words = (await SeenAsync(page, "words")).Where(seen => seen.Text == "Running").ToLookup(seen => seen.Id, seen => seen.At);
        var statuses = ids.Select(id => words[id].Last() - feed.RunningSince(id)).ToList();
        var lags = figures.Select(seen => seen.At - feed.FirstWith(seen.Id, seen.Text)).OfType<double>().ToList();
        var load = $"with {QualityTable.Text(changes)} changes/s coming in";
        table.AddTimes("Live", $"status in the engine to its frame in the browser, {load}", statuses, "p95 <= 500 ms");
        table.AddTimes("Live", $"figure as the server looked at it to its frame in the browser, {load}", lags, "p95 <= 500 ms");
        Assert.Empty(portal.Server.Faults);
        await page.Context.DisposeAsync();
    }

    private static async Task<IReadOnlyList<Seen>> SeenAsync(IPage page, string list) =>
        JsonSerializer.Deserialize<List<Seen>>(await page.EvaluateAsync<string>($"JSON.stringify(window.{list})"), JsonSerializerOptions.Web)!;

    /// <summary>The live hub as any program would follow it: how much changes, and the engine's own times.</summary>
    private sealed class Observed : IAsyncDisposable
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, double> _runningSince = [];
        private readonly Dictionary<(string Id, string Delivered), double> _first = [];
        private readonly HubConnection _hub;
        private int _changes;

        private Observed(HubConnection hub)
        {
            _hub = hub;
            hub.On<JsonElement>("TasksChanged", Take);
        }

        public int Changes => Volatile.Read(ref _changes);

        public static async Task<Observed> FollowAsync(LivePortal portal, IPage page)
        {
            var cookies = string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));
            var observed = new Observed(new HubConnectionBuilder()
                .WithUrl(new Uri(portal.Server.Address, "hubs/live"), options => options.Headers["Cookie"] = cookies)
                .Build());
            await observed._hub.StartAsync(TestContext.Current.CancellationToken);
            await observed._hub.InvokeAsync<JsonElement>("WatchTasks", TestContext.Current.CancellationToken);
            return observed;
        }

        public double RunningSince(string id)
        {
            lock (_lock)
            {
                return _runningSince[id];
            }
        }

        /// <summary>When the server first saw this figure; null when it passed between two messages of the hub.</summary>
        public double? FirstWith(string id, string delivered)
        {
            lock (_lock)
            {
                return _first.TryGetValue((id, delivered), out var at) ? at : null;
            }
        }

        public ValueTask DisposeAsync() => _hub.DisposeAsync();

        private void Take(JsonElement tasks)
        {
            Interlocked.Add(ref _changes, tasks.GetArrayLength());
            lock (_lock)
            {
                foreach (var task in tasks.EnumerateArray())
                {
                    var id = task.GetProperty("id").GetString()!;
                    _first.TryAdd((id, task.GetProperty("books").GetProperty("delivered").ToString()), At(task, "observedAt"));
                    if (task.GetProperty("status").GetString() == "Running")
                    {
                        _runningSince[id] = At(task, "since");
                    }
                }
            }
        }

        private static double At(JsonElement task, string name) => (task.GetProperty(name).GetDateTimeOffset() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
    }
}
