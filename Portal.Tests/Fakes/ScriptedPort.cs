using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Tests.Fakes;

/// <summary>A loopback port that treats every connection as it is told to.</summary>
internal sealed class ScriptedPort : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;

    private ScriptedPort(Func<Stream, CancellationToken, Task> serve, IPEndPoint? address = null)
    {
        _listener = new TcpListener(address ?? new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Start();
        _loop = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>Takes connections and says nothing.</summary>
    public static ScriptedPort Silent() => new((_, token) => Task.Delay(Timeout.Infinite, token));

    /// <summary>Reads something and closes.</summary>
    public static ScriptedPort Closing() => new(async (stream, token) => await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: token));

    /// <summary>Answers whatever comes with the same bytes.</summary>
    public static ScriptedPort Answering(byte[] answer) => new(async (stream, token) =>
    {
        await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: token);
        await stream.WriteAsync(answer, token);
        await Task.Delay(Timeout.Infinite, token);
    });

    /// <summary>Shakes hands by TLS, then does as told.</summary>
    public static ScriptedPort Secure(
        X509Certificate2 certificate, Func<Stream, CancellationToken, Task>? then = null, bool wantsClientCertificate = false, bool onlyTls12 = false) => new(async (stream, token) =>
    {
        await using var tls = new SslStream(stream);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            ClientCertificateRequired = wantsClientCertificate,
            EnabledSslProtocols = onlyTls12 ? SslProtocols.Tls12 : SslProtocols.None,
            RemoteCertificateValidationCallback = (_, offered, _, _) => offered is not null || !wantsClientCertificate,
        };
        await tls.AuthenticateAsServerAsync(options, token);
        await (then is null ? Task.Delay(Timeout.Infinite, token) : then(tls, token));
    });

    /// <summary>Does as told, on any free port unless an address is given.</summary>
    public static ScriptedPort Serving(Func<Stream, CancellationToken, Task> serve, IPEndPoint? address = null) => new(serve, address);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _loop;
        _end.Dispose();
    }

    private async Task AcceptAsync(Func<Stream, CancellationToken, Task> serve)
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptSocketAsync(_end.Token), serve));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket socket, Func<Stream, CancellationToken, Task> serve)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await serve(stream, _end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
        {
            // The other side went away, as probes do.
        }
    }
}
