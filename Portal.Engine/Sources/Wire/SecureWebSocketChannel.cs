using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Implementations;
using Portal.Engine.Network;

namespace Portal.Engine.Sources.Wire;

/// <summary>
/// A WebSocket on a TLS stream of ours. The one that .NET opens by itself knows neither a server name of its own nor a lowest version,
/// so MQTTnet's channel could check a certificate only against the host.
/// </summary>
internal sealed class SecureWebSocketChannel(MqttClientWebSocketOptions options) : IMqttChannel
{
    private MqttWebSocketChannel? _channel;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint { get; private set; }

    public EndPoint? LocalEndPoint { get; private set; }

    public bool IsSecureConnection => true;

    private MqttWebSocketChannel Channel => _channel ?? throw new InvalidOperationException("The channel is not connected.");

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var uri = new Uri(options.Uri);
        var stream = await DialAsync(uri, cancellationToken);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => ValueTask.FromResult(stream),
            UseProxy = false,
            UseCookies = false,
        };
        using var invoker = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        try
        {
            foreach (var protocol in options.SubProtocols)
            {
                socket.Options.AddSubProtocol(protocol);
            }

            // TLS is below already: to the handler it is plain HTTP.
            await socket.ConnectAsync(new UriBuilder(uri) { Scheme = "ws" }.Uri, invoker, cancellationToken);
            _channel = new MqttWebSocketChannel(socket, RemoteEndPoint, isSecureConnection: true, null);
        }
        catch
        {
            socket.Dispose();
            await stream.DisposeAsync();
            throw;
        }
    }

    public Task DisconnectAsync(CancellationToken cancellationToken) => _channel?.DisconnectAsync(cancellationToken) ?? Task.CompletedTask;

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Channel.ReadAsync(buffer, offset, count, cancellationToken);

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) =>
        Channel.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose() => _channel?.Dispose();

    private async Task<Stream> DialAsync(Uri uri, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await socket.ConnectAsync(uri.IdnHost, uri.Port, cancellationToken);
            (RemoteEndPoint, LocalEndPoint) = (socket.RemoteEndPoint, socket.LocalEndPoint);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(Handshake(), cancellationToken);
            return stream;
        }
        catch
        {
            socket.Dispose();
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            throw;
        }
    }

    private SslClientAuthenticationOptions Handshake()
    {
        var tls = options.TlsOptions;
        var handshake = new SslClientAuthenticationOptions
        {
            TargetHost = tls.TargetHost,
            EnabledSslProtocols = tls.SslProtocol,
            CertificateRevocationCheckMode = tls.RevocationMode,
            ClientCertificates = tls.ClientCertificatesProvider?.GetCertificates(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                tls.CertificateValidationHandler(new MqttClientCertificateValidationEventArgs(certificate, chain, errors, options)),
        };
        if (tls.TrustChain is { } authorities)
        {
            handshake.CertificateChainPolicy = CertificateJudge.Trusting(authorities);
        }

        return handshake;
    }
}
