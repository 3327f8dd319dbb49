using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Portal.Tests.Fixtures;

/// <summary>
/// A real Apache Kafka of one node on free loopback ports with a data folder of its own, from the distribution that the environment
/// variable <c>KAFKA_HOME</c> names; it needs Java 17. Starting takes some seconds: share it where tests do not harm it.
/// </summary>
internal sealed partial class ApacheKafka : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int StopClock = 19;
    private const int Continue = 18;

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-kafka-").FullName;
    private readonly string _home;
    private readonly string _java;
    private readonly Dictionary<string, string> _settings;
    private Process? _process;
    private int _port;
    private bool _frozen;

    private ApacheKafka(string home, string java, IReadOnlyDictionary<string, string>? settings)
    {
        _home = home;
        _java = java;
        _settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
    }

    /// <summary>What a client puts into <c>bootstrap.servers</c>.</summary>
    public string Bootstrap => $"127.0.0.1:{_port}";

    /// <summary>What it wrote so far, for the message of a failed test.</summary>
    public string Log => string.Join('\n', LogFiles().Where(File.Exists).Select(ReadShared));

    /// <summary>Starts one; skips the test by name without <c>KAFKA_HOME</c> or Java.</summary>
    /// <param name="settings">More lines for server.properties, for example <c>auto.create.topics.enable</c>.</param>
    public static async Task<ApacheKafka> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var home = Environment.GetEnvironmentVariable("KAFKA_HOME");
        Assert.SkipWhen(string.IsNullOrEmpty(home), "KAFKA_HOME does not name an unpacked Apache Kafka");
        var kafka = new ApacheKafka(home, Tool.Require("java", "openjdk-17-jre-headless"), settings);
        try
        {
            // Somebody else may take a free port before Kafka does.
            for (var attempt = 1; !await kafka.TryLaunchOnFreePortsAsync(); attempt++)
            {
                Assert.True(attempt < 3, $"Kafka does not start: {kafka.Log}");
            }

            return kafka;
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
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

    /// <summary>Starts it again on the same port and data.</summary>
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

    /// <summary>Creates a topic and waits until it can be written.</summary>
    public async Task CreateTopicAsync(string topic, int partitions = 6, Dictionary<string, string>? configs = null)
    {
        using var admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
        await Eventually.TrueAsync(() => PartitionsOf(topic) == partitions, $"topic {topic}");
    }

    public async Task DeleteTopicAsync(string topic)
    {
        using var admin = Admin();
        await admin.DeleteTopicsAsync([topic]);
    }

    /// <summary>How many partitions a topic has; 0 when there is no such topic.</summary>
    public int PartitionsOf(string topic)
    {
        using var admin = Admin();
        return admin.GetMetadata(TimeSpan.FromSeconds(20)).Topics.FirstOrDefault(found => found.Topic == topic)?.Partitions.Count ?? 0;
    }

    /// <summary>An admin client of this node.</summary>
    public IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap })
        .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<string> LogFiles() => [Path.Combine(_folder, "format.log"), Path.Combine(_folder, "kafka.log")];

    private async Task<bool> TryLaunchOnFreePortsAsync()
    {
        var ports = FreePorts(2);
        _port = ports[0];
        var properties = new Dictionary<string, string>
        {
            ["process.roles"] = "broker,controller",
            ["node.id"] = "1",
            ["controller.quorum.voters"] = $"1@127.0.0.1:{ports[1]}",
            ["controller.listener.names"] = "CONTROLLER",
            ["inter.broker.listener.name"] = "PLAINTEXT",
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{_port},CONTROLLER://127.0.0.1:{ports[1]}",
            ["advertised.listeners"] = $"PLAINTEXT://127.0.0.1:{_port}",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            ["log.dirs"] = Path.Combine(_folder, "log"),
            ["num.partitions"] = "3",
            ["offsets.topic.num.partitions"] = "1",
            ["offsets.topic.replication.factor"] = "1",
            ["transaction.state.log.replication.factor"] = "1",
            ["transaction.state.log.min.isr"] = "1",
            ["group.initial.rebalance.delay.ms"] = "0",
            ["broker.session.timeout.ms"] = "3000",
            ["broker.heartbeat.interval.ms"] = "500",
        };
        foreach (var (name, value) in _settings)
        {
            properties[name] = value;
        }

        await File.WriteAllLinesAsync(Path.Combine(_folder, "server.properties"), properties.Select(pair => $"{pair.Key}={pair.Value}"));
        var id = Convert.ToBase64String(Guid.NewGuid().ToByteArray())[..22].Replace('+', 'a').Replace('/', 'b');
        if (!Directory.Exists(Path.Combine(_folder, "log")))
        {
            using var format = Java("format.log", "kafka.tools.StorageTool", "format", "-t", id, "-c", Path.Combine(_folder, "server.properties"));
            await format.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(format.ExitCode == 0, $"Kafka's storage cannot be formatted: {Log}");
        }

        return await TryLaunchAsync();
    }

    private async Task<bool> TryLaunchAsync()
    {
        _frozen = false;
        File.Delete(Path.Combine(_folder, "kafka.log"));
        _process?.Dispose();
        _process = Java("kafka.log", "kafka.Kafka", Path.Combine(_folder, "server.properties"));
        await Eventually.TrueAsync(() => _process.HasExited || Log.Contains("Kafka Server started", StringComparison.Ordinal), "Kafka started or gave up");
        return !_process.HasExited;
    }

    // Through a shell, so that the output goes to a file and needs no reader here; exec, so that signals reach Java itself.
    private Process Java(string log, params string[] arguments) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >\"$LOG\" 2>&1",
        _java, "-Xmx512m", "-XX:+UseSerialGC", "-Djava.awt.headless=true", $"-Dlog4j2.configurationFile={WriteLogSettings()}", "-cp", Path.Combine(_home, "libs", "*"), .. arguments])
    {
        Environment = { ["LOG"] = Path.Combine(_folder, log) },
    })!;

    private string WriteLogSettings()
    {
        var file = Path.Combine(_folder, "log4j2.properties");
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

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    private void Signal(int signal) => Assert.Equal(0, Kill(_process!.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
