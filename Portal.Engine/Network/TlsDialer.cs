using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Engine.Specs;

namespace Portal.Engine.Network;

/// <summary>Shakes hands by TLS, and says exactly what is wrong with the other side's certificate.</summary>
/// <param name="nameIsSetting">Whether the name to check can be set apart from the host, so that advice may offer that.</param>
/// <param name="time">Bounds the handshake.</param>
internal sealed class TlsDialer(bool nameIsSetting, TimeProvider time)
{
    private static readonly TimeSpan ObjectionPatience = TimeSpan.FromSeconds(1);

    /// <summary>Turns a connection into a TLS one. The version is judged after the handshake, so that the words are ours.</summary>
    /// <param name="socket">Connected; owned by the stream, and closed when there is a fault.</param>
    /// <param name="host">The name to ask for and to check, unless <paramref name="tls"/> names another.</param>
    /// <param name="port">For the words; the socket itself cannot tell it any more once it was reset.</param>
    /// <param name="tls">What to trust and what to offer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The stream and what was agreed, in words; or why not.</returns>
    public async Task<(SslStream? Stream, string Agreed, NetworkFault? Fault)> HandshakeAsync(
        Socket socket, string host, int port, TlsSpec tls, CancellationToken cancellationToken)
    {
        var name = tls.ServerName ?? host;
        var at = $"{host}:{port}";
        var judge = new CertificateJudge(name, tls.CaPem is not null, nameIsSetting, time);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        using var limit = new CancellationTokenSource(Dialer.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var own = OwnCertificate(tls);
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    ClientCertificateContext = own is null ? null : SslStreamCertificateContext.Create(own, null, offline: true),
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    CertificateChainPolicy = tls.CaPem is null ? null : CertificateJudge.Trusting(Authorities(tls.CaPem)),
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) => judge.Take(certificate as X509Certificate2, chain, errors),
                },
                either.Token);
            if (tls.MinimumVersion == TlsVersion.Tls13 && stream.SslProtocol < SslProtocols.Tls13)
            {
                var agreed = Protocol(stream.SslProtocol);
                await stream.DisposeAsync();
                return (null, "", new NetworkFault(
                    "tls-version",
                    $"{at} agrees on {agreed}, and at least TLS 1.3 is asked for.",
                    "Allow TLS 1.3 in the server's settings, or take TLS 1.2 as the lowest version: it is not broken."));
            }

            return (stream, $"{Protocol(stream.SslProtocol)}, certificate {judge.Description}", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await stream.DisposeAsync();
            return (null, "", new NetworkFault(
                "no-answer",
                $"{at} took the connection, but did not answer the TLS greeting in {Dialer.Patience.TotalSeconds:0} s.",
                "Check whether this port speaks TLS, and whether the server behind it is alive."));
        }
        catch (Exception cause) when (cause is AuthenticationException or IOException or CryptographicException)
        {
            await stream.DisposeAsync();
            return (null, "", judge.Verdict ?? TlsAlert.Explain(cause, at, tls.ClientCertificatePem is not null) ?? new NetworkFault(
                "tls-failed",
                $"The TLS handshake with {at} failed: {(cause.InnerException ?? cause).Message}",
                "Check whether this port speaks TLS, and which versions and certificates it wants."));
        }
    }

    /// <summary>
    /// What a server objects to in the client's certificate, if it closed a connection before; null when it does not say, or is not reached.
    /// Nothing is sent on this connection: a server that closes with something unread resets it, and its objection is lost on the way.
    /// </summary>
    public async Task<NetworkFault?> ObjectionAsync(string host, int port, TlsSpec tls, CancellationToken cancellationToken)
    {
        var dialer = new Dialer(time);
        var (addresses, _) = await dialer.ResolveAsync(host, cancellationToken);
        var (socket, _) = await dialer.ConnectAsync(host, port, addresses, cancellationToken);
        if (socket is null)
        {
            return null;
        }

        var (stream, _, fault) = await HandshakeAsync(socket, host, port, tls, cancellationToken);
        if (stream is null)
        {
            return fault is { Code: "client-certificate" or "client-certificate-refused" } ? fault : null;
        }

        await using (stream)
        {
            using var limit = new CancellationTokenSource(ObjectionPatience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
            try
            {
                await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, either.Token);
                return null;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
            catch (IOException cause)
            {
                return TlsAlert.Explain(cause, $"{host}:{port}", tls.ClientCertificatePem is not null);
            }
        }
    }

    private static X509Certificate2? OwnCertificate(TlsSpec tls) =>
        tls is { ClientCertificatePem: { } certificate, ClientKeyPem: { } key } ? X509Certificate2.CreateFromPem(certificate, key) : null;

    private static X509Certificate2Collection Authorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities;
    }

    private static string Protocol(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        _ => protocol.ToString(),
    };
}
