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

    public static TheoryData<string, int, bool> Pages
    {
        get
        {
            var data = new TheoryData<string, int, bool>();
            foreach (var path in new[] { "", "tasks", "tasks?status=Failed", "tasks/new", "tasks/new/source", "tasks/new/target", "dead-letters", "connections", "connections/new", "clusters", "operations", "clients", "preferences", "no-such-page" })
            {
                data.Add(path, 1280, false);
                data.Add(path, 320, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_ByAxe_HasNoViolations(string path, int width, bool dark) => await CheckAsync(path, width, dark);

    [Theory]
    [InlineData("", 1280, true)]
    [InlineData("", 320, false)]
    [InlineData("/clients", 1280, false)]
    [InlineData("/clients", 320, true)]
    [InlineData("/mapping", 1280, false)]
    [InlineData("/mapping", 320, true)]
    [InlineData("/messages", 1280, false)]
    [InlineData("/messages", 320, true)]
    [InlineData("/dead-letters", 320, false)]
    [InlineData("/events", 1280, true)]
    [InlineData("/settings", 320, false)]
    public Task TaskPage_ByAxe_HasNoViolations(string tab, int width, bool dark) => CheckFirstAsync("tasks", "/tasks/task-", tab, width, dark);

    [Theory]
    [InlineData("", 1280, true)]
    [InlineData("", 320, false)]
    [InlineData("/events", 320, true)]
    [InlineData("/settings", 320, false)]
    public Task ConnectionPage_ByAxe_HasNoViolations(string tab, int width, bool dark) =>
        CheckFirstAsync("connections", "/connections/resource-", tab, width, dark);

    [Theory]
    [InlineData("/clusters/mqtt/", 320, false)]
    [InlineData("/clusters/kafka/", 1280, false)]
    [InlineData("/clusters/kafka/", 320, true)]
    [InlineData("/clusters/ckafka-", 320, true)]
    public Task ClusterPage_ByAxe_HasNoViolations(string address, int width, bool dark) => CheckFirstAsync("clusters", address, "", width, dark);

    private async Task CheckFirstAsync(string list, string address, string tab, int width, bool dark)
    {
        var page = await portal.OpenAsync(list);
        var link = page.Locator($"a[href^='{address}']").First;
        await Expect(link).ToBeVisibleAsync();
        var path = (await link.GetAttributeAsync("href"))!.TrimStart('/');
        await page.Context.DisposeAsync();

        await CheckAsync(path + tab, width, dark);
    }

    private async Task CheckAsync(string path, int width, bool dark)
    {
        var page = await portal.OpenAsync(path, width, 900, dark);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();

        var result = await page.RunAxe(Rules);
        var sideways = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        await page.Context.DisposeAsync();

        Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {violation.Help} at {string.Join(", ", violation.Nodes.Select(node => node.Html))}"));
        Assert.True(sideways <= 0, $"{path} scrolls sideways by {sideways} px at {width}");
    }
}
