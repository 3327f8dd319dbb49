using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using Portal.Engine.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Sources.Wire;

/// <summary>Says in MQTTnet's words how to reach a broker.</summary>
internal static class BrokerOptions
{
    // Sets SO_RCVBUF; MQTTnet's 8 KiB throws a fast sender into zero-window stalls.
    private const int SocketBuffer = 256 * 1024;

    /// <summary>Address, TLS and credentials; the session is for the caller to add.</summary>
    /// <param name="broker">What is common to its endpoints.</param>
    /// <param name="endpoint">Where to connect.</param>
    /// <param name="clientId">As whom.</param>
    /// <param name="judge">Is shown what the handshake refuses, so that it can say why.</param>
    /// <exception cref="ArgumentException">A certificate or key is not PEM that can be read.</exception>
    public static MqttClientOptions Create(MqttBrokerSpec broker, MqttEndpoint endpoint, string clientId, CertificateJudge judge)
    {
        var tls = endpoint.IsSecure ? Tls(broker.Tls ?? new TlsSpec(), endpoint, judge) : new MqttClientTlsOptions();
        return new MqttClientOptions
        {
            ClientId = clientId,
            ProtocolVersion = broker.Protocol == MqttProtocol.V5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311,
            Credentials = broker.UserName is null
                ? null
                : new MqttClientCredentials(broker.UserName, broker.Password is null ? null : Encoding.UTF8.GetBytes(broker.Password)),
            Timeout = TimeSpan.FromSeconds(10),
            ChannelOptions = endpoint.Transport is MqttTransport.Tcp or MqttTransport.Tls
                ? new MqttClientTcpOptions
                {
                    RemoteEndpoint = new DnsEndPoint(endpoint.Host, endpoint.Port),
                    BufferSize = SocketBuffer,
                    // MQTTnet's default resets the connection on close, and the last acknowledgements with it.
                    LingerState = new LingerOption(false, 0),
                    TlsOptions = tls,
                }
                : new MqttClientWebSocketOptions
                {
                    Uri = $"{(endpoint.IsSecure ? "wss" : "ws")}://{Host(endpoint)}:{endpoint.Port}{endpoint.Path}",
                    SubProtocols = ["mqtt"],
                    TlsOptions = tls,
                },
        };
    }

    public static IMqttChannel OpenChannel(MqttClientOptions options) => options.ChannelOptions switch
    {
        MqttClientWebSocketOptions { TlsOptions.UseTls: true } secure => new SecureWebSocketChannel(secure),
        MqttClientWebSocketOptions socket => new MqttWebSocketChannel(socket),
        MqttClientTcpOptions { TlsOptions.UseTls: false, RemoteEndpoint: DnsEndPoint broker } => new SocketChannel(broker.Host, broker.Port),
        _ => new MqttTcpChannel(options),
    };

    private static string Host(MqttEndpoint endpoint) =>
        IPAddress.TryParse(endpoint.Host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{address}]"
            : endpoint.Host;

    private static MqttClientTlsOptions Tls(TlsSpec spec, MqttEndpoint endpoint, CertificateJudge judge)
    {
        var options = new MqttClientTlsOptions
        {
            UseTls = true,
            TargetHost = spec.ServerName ?? endpoint.Host,
            SslProtocol = spec.MinimumVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            RevocationMode = X509RevocationMode.NoCheck,
            CertificateValidationHandler = shown => judge.Take(shown.Certificate as X509Certificate2, shown.Chain, shown.SslPolicyErrors),
        };
        if (spec.CaPem is not null)
        {
            options.TrustChain = Read(spec.CaPem, "certificate authority", pem =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPem(pem);
                return authorities.Count > 0 ? authorities : throw new ArgumentException("there is no certificate in it");
            });
        }

        if (spec.ClientCertificatePem is not null)
        {
            options.ClientCertificatesProvider = new DefaultMqttCertificatesProvider(Read(spec.ClientCertificatePem, "client certificate", pem =>
            {
                // By way of PKCS#12: not every platform can use a key that came straight from PEM.
                using var certificate = X509Certificate2.CreateFromPem(pem, spec.ClientKeyPem ?? pem);
                return new X509Certificate2Collection(
                    X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null));
            }));
        }

        return options;
    }

    private static T Read<T>(string pem, string what, Func<string, T> read)
    {
        try
        {
            return read(pem);
        }
        catch (Exception exception)
        {
            throw new ArgumentException($"The {what} is not PEM text that can be read: {exception.Message}", exception);
        }
    }
}
