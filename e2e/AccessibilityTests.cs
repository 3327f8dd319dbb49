using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd;

/// <summary>Every page by axe (WCAG 2.0 to 2.2, A and AA), in both themes, on a desk and on a phone.</summary>
[Collection(LivePortal.Name)]
public class AccessibilityTests(LivePortal portal)
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    private static readonly (int Width, bool Dark)[] Looks = [(1280, false), (1280, true), (320, true), (320, false)];

    [Theory]
    [InlineData("")]
    [InlineData("tasks")]
    [InlineData("tasks?status=Failed")]
    [InlineData("tasks/new")]
    [InlineData("tasks/new/source")]
    [InlineData("tasks/new/target")]
    [InlineData("dead-letters")]
    [InlineData("connections")]
    [InlineData("connections/new")]
    [InlineData("clusters")]
    [InlineData("operations")]
    [InlineData("clients")]
    [InlineData("preferences")]
    [InlineData("no-such-page")]
    public Task Page_ByAxe_HasNoViolations(string path) => CheckAsync(path);

    [Theory]
    [InlineData("")]
    [InlineData("/edit")]
    [InlineData("/clients")]
    [InlineData("/mapping")]
    [InlineData("/messages")]
    [InlineData("/dead-letters")]
    [InlineData("/events")]
    [InlineData("/settings")]
    public Task TaskPage_ByAxe_HasNoViolations(string tab) => CheckFirstAsync("tasks", "/tasks/task-", tab);

    [Theory]
    [InlineData("")]
    [InlineData("/events")]
    [InlineData("/settings")]
    public Task ConnectionPage_ByAxe_HasNoViolations(string tab) => CheckFirstAsync("connections", "/connections/resource-", tab);

    [Theory]
    [InlineData("/clusters/mqtt/")]
    [InlineData("/clusters/kafka/")]
    [InlineData("/clusters/ckafka-")]
    public Task ClusterPage_ByAxe_HasNoViolations(string address) => CheckFirstAsync("clusters", address, "");

    [Fact]
    public async Task Clusters_WithDrafts_ByAxe_HasNoViolations()
    {
        const string Name = "half-typed-and-of-some-length";
        foreach (var form in new[] { "Register an MQTT cluster", "Register a Kafka instance" })
        {
            var page = await portal.OpenAsync("clusters");
            await page.GetByRole(AriaRole.Button, new() { Name = form }).ClickAsync();
            await page.GetByLabel("Name", new() { Exact = true }).FillAsync(Name);
            await Expect(page.GetByText("Draft saved")).ToBeVisibleAsync();
            await page.Context.DisposeAsync();
        }

        await CheckAsync("clusters");

        var after = await portal.OpenAsync("clusters");
        var delete = after.GetByRole(AriaRole.Button, new() { Name = $"Delete draft “{Name}”" });
        await delete.First.ClickAsync();
        await Expect(delete).ToHaveCountAsync(1);
        await delete.ClickAsync();
        await Expect(delete).ToHaveCountAsync(0);
        await after.Context.DisposeAsync();
    }

    private async Task CheckFirstAsync(string list, string address, string tab)
    {
        var page = await portal.OpenAsync(list);
        var link = page.Locator($"a[href^='{address}']").First;
        await Expect(link).ToBeVisibleAsync();
        var path = (await link.GetAttributeAsync("href"))!.TrimStart('/');
        await page.Context.DisposeAsync();

        await CheckAsync(path + tab);
    }

    private async Task CheckAsync(string path)
    {
        var page = await portal.OpenAsync(path);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        var findings = new List<string>();
        foreach (var (width, dark) in Looks)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            // Computed styles are those of the other look until it was drawn.
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            var look = $"at {width} px, {(dark ? "dark" : "light")}";
            var result = await page.RunAxe(Rules);
            if (result.Violations.Length > 0)
            {
                // A button that was just given free is still pale while axe measures it; what is wrong with the page is so twice.
                await page.WaitForTimeoutAsync(500);
                result = await page.RunAxe(Rules);
            }

            findings.AddRange(result.Violations.Select(violation =>
                $"{look}: {violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
            var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            if (sideways > 0)
            {
                findings.Add($"{look}: scrolls sideways by {sideways} px");
            }
        }

        await page.Context.DisposeAsync();
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }
}
