using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Tests.Fixtures;

/// <summary>What a Mosquitto of a test is like.</summary>
internal sealed record MosquittoOptions
{
    /// <summary>Name and password of everybody who may sign in.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string> { ["tester"] = "secret" };

    /// <summary>Adds a TLS listener with this certificate and its key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>PEM of an authority: adds a TLS listener that lets in only clients whose certificate it signed. Needs <see cref="Certificate"/>.</summary>
    public string? ClientAuthorityPem { get; init; }

    /// <summary>Adds a listener for WebSockets, and with <see cref="Certificate"/> one for secure ones.</summary>
    public bool WebSockets { get; init; }

    /// <summary>Who may do what, for example <c>user tester</c>, <c>topic read plant/#</c>; empty allows everything.</summary>
    public IReadOnlyList<string> Acl { get; init; } = [];

    /// <summary>Lines for its configuration file, for example <c>max_inflight_messages 100</c>.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];
}

/// <summary>
/// A real Mosquitto (Debian package <c>mosquitto</c>) on a free loopback port with a data folder of its own. Its queues have no limit. It
/// writes what it holds to disk when it ends in order and at <see cref="SaveAsync"/>: a kill loses what it acknowledged since.
/// </summary>
internal sealed partial class MosquittoBroker : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int WriteToDisk = 10;
    private const int Looks = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _folder = Directory.CreateTempSubdirectory("portal-mosquitto-").FullName;
    private readonly string _program;
    private readonly MosquittoOptions _options;
    private Process? _process;

    private MosquittoBroker(string program, MosquittoOptions options)
    {
        _program = program;
        _options = options;
    }

    public int Port { get; private set; }

    /// <summary>0 without <see cref="MosquittoOptions.Certificate"/>.</summary>
    public int TlsPort { get; private set; }

    /// <summary>0 without <see cref="MosquittoOptions.ClientAuthorityPem"/>.</summary>
    public int ClientCertificatePort { get; private set; }

    /// <summary>0 without <see cref="MosquittoOptions.WebSockets"/>.</summary>
    public int WebSocketPort { get; private set; }

    /// <summary>0 without <see cref="MosquittoOptions.WebSockets"/> and a certificate.</summary>
    public int SecureWebSocketPort { get; private set; }

    /// <summary>What it wrote so far, for the message of a failed test.</summary>
    public string Log
    {
        get
        {
            var file = Path.Combine(_folder, "mosquitto.log");
            return File.Exists(file) ? File.ReadAllText(file) : "";
        }
    }

    /// <summary>Starts one; skips the test by name when Mosquitto is not installed.</summary>
    public static async Task<MosquittoBroker> StartAsync(MosquittoOptions? options = null)
    {
        var broker = new MosquittoBroker(Tool.Require("mosquitto", "mosquitto"), options ?? new MosquittoOptions());
        try
        {
            await broker.WriteUsersAsync();
            // Somebody else may take a free port before Mosquitto does.
            for (var attempt = 1; !await broker.TryLaunchOnFreePortsAsync(); attempt++)
            {
                Assert.True(attempt < 5, $"Mosquitto does not start: {broker.Log}");
            }

            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets it write what it holds to disk.</summary>
    public async Task SaveAsync()
    {
        var file = Path.Combine(_folder, "mosquitto.db");
        var before = File.GetLastWriteTimeUtc(file);
        Signal(WriteToDisk);
        await Eventually.TrueAsync(() => File.Exists(file) && File.GetLastWriteTimeUtc(file) != before, "Mosquitto wrote its database");
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

        Assert.True(await TryLaunchAsync(), $"Mosquitto does not start again: {Log}");
    }

    /// <summary>Stops its clock (SIGSTOP): connections stay open and nothing answers, the worst kind of outage.</summary>
    public void Freeze() => Signal(Stop);

    /// <summary>Lets a frozen one go on.</summary>
    public void Thaw() => Signal(Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await KillAsync();
        }

        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private void Signal(int signal) => Assert.Equal(0, SendSignal(_process!.Id, signal));

    private async Task WriteUsersAsync()
    {
        var file = Path.Combine(_folder, "users");
        await File.WriteAllTextAsync(file, "");
        foreach (var (name, password) in _options.Users)
        {
            await Tool.RunAsync(Tool.Require("mosquitto_passwd", "mosquitto"), "-b", file, name, password);
        }
    }

    private async Task<bool> TryLaunchOnFreePortsAsync()
    {
        var secure = _options.Certificate is not null;
        Port = FreePort.Next();
        TlsPort = secure ? FreePort.Next() : 0;
        ClientCertificatePort = _options.ClientAuthorityPem is null ? 0 : FreePort.Next();
        WebSocketPort = _options.WebSockets ? FreePort.Next() : 0;
        SecureWebSocketPort = _options.WebSockets && secure ? FreePort.Next() : 0;
        await File.WriteAllTextAsync(Path.Combine(_folder, "mosquitto.conf"), Configuration());
        return await TryLaunchAsync();
    }

    private string Configuration()
    {
        List<string> lines =
        [
            // Started as root it would become the user mosquitto, to whom the folder does not belong.
            $"user {Environment.UserName}",
            "allow_anonymous false",
            $"password_file {Path.Combine(_folder, "users")}",
            "persistence true",
            $"persistence_location {_folder}/",
            "max_queued_messages 0",
            "set_tcp_nodelay true",
            $"log_dest file {Path.Combine(_folder, "mosquitto.log")}",
            $"listener {Port} 127.0.0.1",
        ];
        if (_options.Acl.Count > 0)
        {
            lines.Insert(0, $"acl_file {Write("acl", string.Join('\n', _options.Acl) + "\n")}");
        }

        if (_options.WebSockets)
        {
            lines.AddRange([$"listener {WebSocketPort} 127.0.0.1", "protocol websockets"]);
        }

        if (_options.Certificate is { } certificate)
        {
            string[] identity =
            [
                $"certfile {Write("server.pem", certificate.ExportCertificatePem())}",
                $"keyfile {Write("server.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem())}",
            ];
            lines.AddRange([$"listener {TlsPort} 127.0.0.1", .. identity]);
            if (_options.WebSockets)
            {
                lines.AddRange([$"listener {SecureWebSocketPort} 127.0.0.1", "protocol websockets", .. identity]);
            }

            if (_options.ClientAuthorityPem is { } authority)
            {
                lines.AddRange([$"listener {ClientCertificatePort} 127.0.0.1", .. identity, $"cafile {Write("clients.pem", authority)}", "require_certificate true"]);
            }
        }

        return string.Join('\n', [.. lines, .. _options.Configuration]) + "\n";
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private async Task<bool> TryLaunchAsync()
    {
        _process?.Dispose();
        _process = Tool.Start(_program, "-c", Path.Combine(_folder, "mosquitto.conf"));
        // Whatever it writes beside its log must be read, or a full pipe would stop it.
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        int[] ports = [.. new[] { Port, WebSocketPort, TlsPort, SecureWebSocketPort, ClientCertificatePort }.Where(port => port != 0)];
        // It ends when somebody took a port for MQTT, and goes on without one for WebSockets, which is no broker for these tests either.
        for (var look = 0; !_process.HasExited && !await AnswersAsync(ports); look++)
        {
            if (look == Looks)
            {
                await KillAsync();
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        return !_process.HasExited;
    }

    private static async Task<bool> AnswersAsync(int[] ports)
    {
        foreach (var port in ports)
        {
            if (!await AnswersAsync(port))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
