using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Hosting;

/// <summary>What keeps the server from starting is one line that names the setting, and exit code 1.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-boot-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Start_WithAFolderThatCannotBeWritten_NamesTheSetting()
    {
        var log = await RefusedAsync("--Data:Folder", "/dev/null/data");

        Assert.Contains("Data:Folder is '/dev/null/data'", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnABusyPort_NamesTheSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var log = await RefusedAsync("--Urls", $"http://127.0.0.1:{port}");

        Assert.Contains($"Urls is 'http://127.0.0.1:{port}'", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnABusySandboxPort_NamesTheSetting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var log = await RefusedAsync("--Sandbox:MqttPort", $"{port}", "--Sandbox:KafkaPort", "0");

        Assert.Contains("Sandbox:MqttPort", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithWrongSandboxSettings_NamesAllOfThem()
    {
        var log = await RefusedAsync("--Sandbox:Devices", "-1", "--Sandbox:Host", "nowhere");

        Assert.Contains("Sandbox:Devices", log, StringComparison.Ordinal);
        Assert.Contains("Sandbox:Host", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithSettingsOfAWrongType_NamesAllOfThemAtOnce()
    {
        var log = await RefusedAsync("--Retention:EventsPerTask", "abc", "--Sandbox:Enabled", "maybe", "--Urls", "nowhere", "--Proxies:Known", "x", "--Metrics:Prometheus", "perhaps");

        Assert.Contains("Retention:EventsPerTask is 'abc'", log, StringComparison.Ordinal);
        Assert.Contains("Sandbox:Enabled is 'maybe'", log, StringComparison.Ordinal);
        Assert.Contains("Metrics:Prometheus is 'perhaps'", log, StringComparison.Ordinal);
        Assert.Contains("Urls names 'nowhere'", log, StringComparison.Ordinal);
        Assert.Contains("Proxies:Known names 'x'", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithSettingsThatNobodyKnows_NamesAllOfThem()
    {
        var log = await RefusedAsync("--Regions", "gz,sh", "--Regions:1", "One", "--Sandbox:Device", "3", "--Sandbox:Host", "nowhere", "--Retention:Event", "1");

        Assert.Contains("Regions is 'gz,sh', but each region is a setting of its own", log, StringComparison.Ordinal);
        Assert.Contains("Regions:1 is no region", log, StringComparison.Ordinal);
        Assert.Contains("Sandbox:Device is no setting. There are Sandbox:Enabled", log, StringComparison.Ordinal);
        Assert.Contains("Sandbox:Host is \"nowhere\"", log, StringComparison.Ordinal);
        Assert.Contains("Retention:Event is no setting", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FromAnotherFolder_FindsItsSettingsAndPutsItsDataThere()
    {
        var port = FreePort.Next();
        using var process = Start("--Urls", $"http://127.0.0.1:{port}", "--Sandbox:Enabled", "false", "--Metrics:Prometheus", "false");
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Eventually.TrueAsync(() => AnswersAsync(http), "the server answers");

            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/account.css", Token)).StatusCode);
            // Like every other address where nothing is for who has not signed in.
            Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/metrics", Token)).StatusCode);
            Assert.True(File.Exists(Path.Combine(_folder, "data", "portal.db")));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            return (await http.GetAsync("/account/setup", Token)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        using var process = Start(["--Urls", $"http://127.0.0.1:{FreePort.Next()}", .. arguments]);
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var errors = process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);

        var log = await output + await errors;
        Assert.True(process.ExitCode == 1, $"exit code {process.ExitCode}:\n{log}");
        Assert.Contains("Connector Portal does not start", log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", log, StringComparison.Ordinal);
        Assert.Equal(1, log.Split("crit:").Length - 1);
        Assert.DoesNotContain("fail:", log, StringComparison.Ordinal);
        return log;
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "artifacts", "bin", "Portal.Server", "debug", "Portal.Server.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
