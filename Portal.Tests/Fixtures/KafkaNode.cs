using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Portal.Tests.Fixtures;

/// <summary>One process of an <see cref="ApacheKafka"/>.</summary>
internal sealed partial class KafkaNode(string home, string java, string folder, string heap) : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int StopClock = 19;
    private const int Continue = 18;

    private Process? _process;
    private bool _frozen;

    /// <summary>What it wrote so far, for the message of a failed test.</summary>
    public string Log => string.Join('\n', new[] { "format.log", "kafka.log" }.Select(InFolder).Where(File.Exists).Select(ReadShared));

    /// <summary>Writes its settings and formats its data folder, unless that was done before.</summary>
    public async Task PrepareAsync(IReadOnlyDictionary<string, string> settings, string clusterId)
    {
        Directory.CreateDirectory(folder);
        var properties = new Dictionary<string, string>(settings) { ["log.dirs"] = InFolder("log") };
        await File.WriteAllLinesAsync(InFolder("server.properties"), properties.Select(pair => $"{pair.Key}={pair.Value}"));
        if (Directory.Exists(InFolder("log")))
        {
            Directory.Delete(InFolder("log"), recursive: true);
        }

        using var format = Java("format.log", "kafka.tools.StorageTool", "format", "-t", clusterId, "-c", InFolder("server.properties"));
        await format.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(format.ExitCode == 0, $"Kafka's storage cannot be formatted: {Log}");
    }

    /// <returns>Whether it runs; false when it gave up.</returns>
    public async Task<bool> TryLaunchAsync()
    {
        _frozen = false;
        File.Delete(InFolder("kafka.log"));
        _process?.Dispose();
        _process = Java("kafka.log", "kafka.Kafka", InFolder("server.properties"));
        await Eventually.TrueAsync(() => _process.HasExited || Log.Contains("Kafka Server started", StringComparison.Ordinal), "Kafka started or gave up");
        return !_process.HasExited;
    }

    /// <summary>Ends it in order (SIGTERM).</summary>
    public async Task StopAsync()
    {
        Thaw();
        Signal(Terminate);
        await _process!.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends it with SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Starts it again on the same ports and data.</summary>
    public async Task RestartAsync()
    {
        if (!_process!.HasExited)
        {
            await KillAsync();
        }

        Assert.True(await TryLaunchAsync(), $"Kafka does not start again: {Log}");
    }

    /// <summary>Stops its clock (SIGSTOP): connections stay open and nothing answers, the worst kind of outage.</summary>
    public void Freeze()
    {
        _frozen = true;
        Signal(StopClock);
    }

    /// <summary>Lets a frozen one go on.</summary>
    public void Thaw()
    {
        if (_frozen)
        {
            _frozen = false;
            Signal(Continue);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    // Through a shell, so that the output goes to a file and needs no reader here; exec, so that signals reach Java itself.
    private Process Java(string log, params string[] arguments) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >\"$LOG\" 2>&1",
        java, $"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", $"-Dlog4j2.configurationFile={WriteLogSettings()}",
        "-cp", Path.Combine(home, "libs", "*"), .. arguments])
    {
        Environment = { ["LOG"] = InFolder(log) },
    })!;

    private string WriteLogSettings()
    {
        var file = InFolder("log4j2.properties");
        File.WriteAllLines(file, [
            "appender.out.type=Console", "appender.out.name=out", "appender.out.layout.type=PatternLayout",
            "appender.out.layout.pattern=%d %p %m (%c)%n", "rootLogger.level=WARN", "rootLogger.appenderRef.out.ref=out",
            // Only this one says when it is ready.
            "logger.server.name=kafka.server.KafkaRaftServer", "logger.server.level=INFO"]);
        return file;
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new StreamReader(stream).ReadToEnd();
    }

    private void Signal(int signal) => Assert.Equal(0, Kill(_process!.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
