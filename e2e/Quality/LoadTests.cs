using System.Diagnostics;
using System.IO.Compression;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Quality;

/// <summary>How a page arrives: what is transferred, when it is painted, when it answers the first click, and whether anything moves meanwhile.</summary>
[Collection(LivePortal.Name)]
public class LoadTests(LivePortal portal, QualityTable table)
{
    private const string Observe = """
        window.shifts = 0;
        new PerformanceObserver(list => { for (const e of list.getEntries()) { if (!e.hadRecentInput) { window.shifts += e.value; } } })
          .observe({ type: 'layout-shift', buffered: true });
        """;

    private const string Transfers = """
        Object.fromEntries([...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
          .map(entry => [new URL(entry.name).pathname, [entry.transferSize, entry.encodedBodySize, entry.decodedBodySize]]))
        """;

    [Fact]
    public async Task List_LoadedCold_IsSmallAndStandsStill()
    {
        var paints = new List<double>();
        var clicks = new List<double>();
        long transferred = 0;
        long byBrotli = 0;
        var largest = "";
        double shifts = 0;
        for (var round = 0; round < 5; round++)
        {
            var page = await portal.PageAsync();
            await page.AddInitScriptAsync(Observe);
            var watch = Stopwatch.StartNew();
            await page.GotoAsync("tasks", new() { WaitUntil = WaitUntilState.Commit });
            await ClickUntilOpenAsync(page);
            clicks.Add(watch.Elapsed.TotalMilliseconds);
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

            paints.Add(await page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
            shifts = Math.Max(shifts, await page.EvaluateAsync<double>("window.shifts"));
            var parts = await page.EvaluateAsync<Dictionary<string, long[]>>(Transfers);
            transferred = parts.Values.Sum(sizes => sizes[0]);
            byBrotli = byBrotli == 0 ? await ByBrotliAsync(page, parts) : byBrotli;
            largest = string.Join(", ", parts.OrderByDescending(part => part.Value[0]).Take(8).Select(part => $"{part.Key} {part.Value[0]}"));
            await page.Context.DisposeAsync();
        }

        table.AddTimes("Load", "first contentful paint, cold", paints, "<= 600 ms");
        table.AddTimes("Load", "navigation to the first click that is answered, cold", clicks, "<= 1 200 ms");
        table.Add("Load", "transferred, cold", $"{byBrotli / 1024} KiB by brotli, {transferred / 1024} KiB by gzip", "<= 200 KiB by brotli");
        table.Add("Load", "layout shift (CLS)", shifts.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture), "<= 0.02");
        Assert.True(byBrotli <= 200 * 1024, $"{byBrotli} bytes by brotli, {transferred} by gzip: {largest}");
        Assert.True(shifts <= 0.02, $"The page moved by {shifts}");
    }

    [Fact]
    public async Task Navigation_FromPageToPage_IsTimed()
    {
        var page = await portal.OpenAsync("tasks");
        var times = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            foreach (var name in new[] { "Connections", "Clusters", "Operations", "Tasks" })
            {
                var watch = Stopwatch.StartNew();
                await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = name }).First.ClickAsync();
                await page.Locator($"h1:has-text('{name}')").WaitForAsync();
                times.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        table.AddTimes("Load", "from page to page", times, "p95 <= 200 ms");
        await page.Context.DisposeAsync();
    }

    /// <summary>
    /// What a published program would have sent: it carries the files by brotli of the best quality, a built one by gzip only. What came
    /// uncompressed stays as it came.
    /// </summary>
    private static async Task<long> ByBrotliAsync(IPage page, Dictionary<string, long[]> parts)
    {
        long sum = 0;
        foreach (var (path, sizes) in parts)
        {
            var (transferred, encoded, decoded) = (sizes[0], sizes[1], sizes[2]);
            if (encoded < decoded)
            {
                var content = await (await page.APIRequest.GetAsync(path)).BodyAsync();
                Assert.Equal(decoded, content.Length);
                var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
                Assert.True(BrotliEncoder.TryCompress(content, compressed, out var written, quality: 11, window: 22));
                transferred += written - encoded;
            }

            sum += transferred;
        }

        return sum;
    }

    /// <summary>As an impatient person: clicks on until the menu of the first row opens.</summary>
    private static async Task ClickUntilOpenAsync(IPage page)
    {
        await page.EvaluateAsync("""
            () => new Promise(done => {
              const timer = setInterval(() => {
                if (document.querySelector('[role=menu]:popover-open [role^=menuitem]')) { clearInterval(timer); done(); return; }
                document.querySelector('tbody tr button[aria-haspopup], tbody tr .row-menu button, tbody tr td:last-child button')?.click();
              }, 50);
            })
            """);
        await Expect(page.Locator("[role=menu]:popover-open")).ToBeVisibleAsync();
    }
}
