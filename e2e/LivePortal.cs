using Microsoft.Playwright;
using Portal.EndToEnd.Quality;
using Portal.Tests;
using Portal.Tests.Fixtures;

namespace Portal.EndToEnd;

/// <summary>A server with its sandbox, and people who are signed in to it. Shared by the tests of a collection.</summary>
public sealed class LivePortal : IAsyncLifetime
{
    public const string Name = nameof(LivePortal);
    public const string Administrator = "operator";
    public const string Password = "correct horse battery";
    public const string ConnectorUser = "ckafka_connector";
    public const string ConnectorPassword = "sandbox-connector-1";

    private readonly Browser _browser = new();
    private readonly List<string> _pageErrors = [];
    private string? _signedIn;
    private IPage? _latest;

    /// <summary>What the server is told beside its defaults.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public PortalProcess Server => field ??= new(new Dictionary<string, string>(Settings) { ["Sandbox:ConnectorPassword"] = ConnectorPassword });

    public async ValueTask InitializeAsync()
    {
        await _browser.InitializeAsync();
        await Server.StartAsync();
        var context = await _browser.ContextAsync(Server.Address);
        var page = await context.NewPageAsync();
        await FirstRunAsync(page, Server.SetupToken());
        _signedIn = await context.StorageStateAsync();
        await context.DisposeAsync();
    }

    public static async Task FirstRunAsync(IPage page, string token)
    {
        await page.GotoAsync($"account/setup?token={token}");
        await page.GetByLabel("User name").FillAsync(Administrator);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password again").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and sign in" }).ClickAsync();
    }

    /// <summary>A page of the signed-in administrator, ready for clicks; its errors are kept for <see cref="AssertCalm"/>.</summary>
    public async Task<IPage> OpenAsync(string path, int width = 1280, int height = 900, bool dark = false)
    {
        var page = await PageAsync(width, height, dark);
        page.PageError += (_, error) => _pageErrors.Add($"{path}, at {page.Url}: {error}");
        page.Console += (_, message) =>
        {
            // Chromium calls it an error that an address nobody serves is answered with 404, which is what the page of that name must do.
            var isOwnAnswer = message.Text.Contains("404", StringComparison.Ordinal)
                && message.Location.StartsWith(new Uri(Server.Address, path).ToString(), StringComparison.Ordinal);
            if (message.Type == "error" && !isOwnAnswer)
            {
                _pageErrors.Add($"{path}, at {page.Url}: {message.Text}");
            }
        };
        _latest = page;
        await GoAsync(page, path);
        return page;
    }

    /// <summary>A page of the signed-in administrator that went nowhere yet.</summary>
    public async Task<IPage> PageAsync(int width = 1280, int height = 900, bool dark = false)
    {
        var context = await _browser.ContextAsync(Server.Address, width, height, dark, _signedIn);
        return await context.NewPageAsync();
    }

    /// <summary>A page of somebody who is not signed in.</summary>
    public async Task<IPage> StrangerAsync()
    {
        var context = await _browser.ContextAsync(Server.Address);
        return await context.NewPageAsync();
    }

    public static async Task GoAsync(IPage page, string path)
    {
        await page.GotoAsync(path);
        await InteractiveAsync(page);
    }

    /// <summary>Until the circuit stands: a click before that goes nowhere.</summary>
    public static Task InteractiveAsync(IPage page) => page.Locator("[data-interactive]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });

    /// <summary>Until the server is done with its start: fifty pipelines and their compilation would be taken for the cost of a page.</summary>
    public async Task SettleAsync()
    {
        var (before, last) = (Server.ProcessorTime, TimeSpan.MaxValue);
        for (var look = 0; look < 12; look++)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            var now = Server.ProcessorTime;
            var used = now - before;
            if (used > last * 0.8)
            {
                return;
            }

            (before, last) = (now, used);
        }
    }

    /// <summary>Neither the server's log nor a browser's console told of a defect so far.</summary>
    public void AssertCalm()
    {
        Assert.Empty(Server.Faults);
        Assert.Empty(_pageErrors);
    }

    /// <summary>Leaves what a person would want to see of a failed test in <c>artifacts/e2e</c>: the page and the server's log.</summary>
    public async Task KeepEvidenceAsync()
    {
        if (TestContext.Current.TestState?.Result != TestResult.Failed || _latest is null)
        {
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "e2e")).FullName;
        var name = TestContext.Current.TestMethod!.MethodName;
        await _latest.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        await File.WriteAllLinesAsync(Path.Combine(folder, $"{name}.log"), [.. Server.Log, .. _pageErrors]);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>One server for all of these tests; they run one after the other.</summary>
[CollectionDefinition(LivePortal.Name)]
public sealed class OnePortal : ICollectionFixture<LivePortal>, ICollectionFixture<QualityTable>;
