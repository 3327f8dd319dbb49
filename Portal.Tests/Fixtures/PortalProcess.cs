using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Portal.Tests.Fixtures;

/// <summary>
/// The built server as its own process, with a data folder and ports of its own: started, killed and started again on the same
/// data, as an operator's machine would. Also used by the browser tests.
/// </summary>
public sealed partial class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private readonly Dictionary<string, string> _settings;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly bool _ownsData;
    private Process? _process;

    public PortalProcess(IReadOnlyDictionary<string, string>? settings = null, string? dataFolder = null)
    {
        _ownsData = dataFolder is null;
        DataFolder = dataFolder ?? Directory.CreateTempSubdirectory("portal-").FullName;
        Address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        _settings = new Dictionary<string, string>
        {
            ["Urls"] = Address.ToString().TrimEnd('/'),
            ["Data__Folder"] = DataFolder,
            ["Sandbox__MqttPort"] = FreePort.Next().ToString(),
            ["Sandbox__KafkaPort"] = FreePort.Next().ToString(),
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            _settings[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
    }

    public Uri Address { get; }

    public string DataFolder { get; }

    public int MqttPort => int.Parse(_settings["Sandbox__MqttPort"]);

    public int KafkaPort => int.Parse(_settings["Sandbox__KafkaPort"]);

    /// <summary>All lines of all runs so far.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Lines that an operator would take for a defect.</summary>
    public IReadOnlyList<string> Faults => [.. _log.Where(line => FaultPattern().IsMatch(line))];

    public int ProcessId => _process!.Id;

    /// <summary>What the run so far cost all cores together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public async Task StartAsync()
    {
        var program = Path.Combine(Repository.Root, "artifacts", "bin", "Portal.Server", "debug", "Portal.Server.dll");
        Assert.True(File.Exists(program), $"{program} is not built; build the solution first.");
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program },
            WorkingDirectory = DataFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What a page may not be told, a test that fails has to say.
        start.Environment["ASPNETCORE_DETAILEDERRORS"] = "true";
        foreach (var (name, value) in _settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_process.HasExited, $"The server ended while starting:\n{string.Join('\n', Log.TakeLast(40))}");
                try
                {
                    using var answer = await http.GetAsync(new Uri(Address, "/account/sign-in"));
                    return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect or HttpStatusCode.Found;
                }
                catch (Exception exception) when (exception is HttpRequestException or SocketException)
                {
                    return false;
                }
            },
            "the server answers",
            StartLimit);
    }

    /// <summary>kill -9: no handler of the server runs.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>SIGTERM, and the server's own time to end.</summary>
    public async Task<int> StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", _process!.Id.ToString()]);
        await signal.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        var code = _process.ExitCode;
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>The one-time token of the first run, from the log.</summary>
    public string SetupToken() =>
        _log.Select(line => TokenPattern().Match(line)).LastOrDefault(match => match.Success)?.Groups[1].Value
        ?? throw new InvalidOperationException("The log shows no first-run token:\n" + string.Join('\n', Log.TakeLast(40)));

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        if (_ownsData)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }

    [GeneratedRegex(@"[?&]token=([\w-]+)")]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"^\s*(fail|crit):|Unhandled exception|^\s+at \S+\(")]
    private static partial Regex FaultPattern();
}
