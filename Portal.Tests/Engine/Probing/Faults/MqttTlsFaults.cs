using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Probing.Faults;

/// <summary>What can be wrong with an MQTT broker behind TLS.</summary>
internal static class MqttTlsFaults
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(
            "tcp to a TLS port",
            rig => rig.Secure().Mqtt(),
            "sign-in",
            "tls-port",
            "{at} speaks TLS, the endpoint does not use it.",
            "Choose the transport tls, or the broker's plain port (1883 is usual)."),
        new(
            "ws to a TLS port",
            rig => rig.Secure().Mqtt(MqttTransport.WebSocket),
            "sign-in",
            "tls-port",
            "{at} speaks TLS, the endpoint does not use it.",
            "Choose the transport wss, or the broker's plain WebSocket port (8083 is usual)."),
        new(
            "tls to a plain broker",
            rig => rig.Broker(new()).Mqtt(MqttTransport.Tls),
            "tls",
            "plain-port",
            "{at} speaks plain MQTT, not TLS.",
            "Choose the transport tcp, or the broker's TLS port (8883 is usual)."),
        new(
            "tls to a web server",
            rig => rig.Answering("HTTP/1.1 400 Bad Request\r\n\r\n").Mqtt(MqttTransport.Tls),
            "tls",
            "http-port",
            "{at} speaks plain HTTP, not TLS.",
            "Check the port. If the broker takes WebSockets there, choose the transport ws."),
        new(
            "tls to a silent port",
            rig => rig.Silent().Mqtt(MqttTransport.Tls),
            "tls",
            "no-answer",
            "{at} took the connection, but did not answer the TLS greeting in 3 s.",
            "Check whether this port speaks TLS, and whether the server behind it is alive.") { IsSilent = true },
        new(
            "tls: the machine knows no such authority",
            rig => rig.Secure().Mqtt(MqttTransport.Tls, with: broker => broker with { Tls = null }),
            "tls",
            "unknown-ca",
            "The certificate is signed by 'Acme Root', whom this machine does not trust. SHA-256 of the certificate shown: FINGERPRINT.",
            "If this is your own certificate authority, give its certificate (PEM) under Certificates, Authorities to trust."),
        new(
            "tls: another authority than the given one",
            rig => rig.Secure(rig.Stranger.Issue("127.0.0.1")).Mqtt(MqttTransport.Tls),
            "tls",
            "unknown-ca",
            "The certificate is signed by 'Other Root', which is not the given CA. SHA-256 of the certificate shown: FINGERPRINT.",
            "Under Certificates, Authorities to trust, give the certificate (PEM) of the authority that signed the server's."),
        new(
            "tls: a certificate for another name",
            rig => rig.Secure(rig.Root.Issue("*.emqx.local")).Mqtt(MqttTransport.Tls),
            "tls",
            "certificate-name",
            "The certificate is for *.emqx.local, not for 127.0.0.1.",
            "Use a host name that the certificate names, or enter that one as Name in the broker's certificate, or give the server a certificate for this one."),
        new(
            "tls: a certificate for many names",
            rig => rig.Secure(rig.Root.Issue("a.lan,b.lan,c.lan,d.lan,e.lan,f.lan,g.lan")).Mqtt(MqttTransport.Tls),
            "tls",
            "certificate-name",
            "The certificate is for a.lan, b.lan, c.lan, d.lan, e.lan and 2 more, not for 127.0.0.1.",
            "Use a host name that the certificate names, or enter that one as Name in the broker's certificate, or give the server a certificate for this one."),
        new(
            "tls: a certificate for no name",
            rig => rig.Secure(rig.Root.Issue("")).Mqtt(MqttTransport.Tls),
            "tls",
            "certificate-name",
            "The certificate names no host, so it is not for 127.0.0.1.",
            "Give the server a certificate for 127.0.0.1."),
        new(
            "tls: an authority that expired",
            rig => rig.Secure(rig.Expired.Issue("127.0.0.1", Day(-30))).Mqtt(MqttTransport.Tls, with: broker => broker with { Tls = new TlsSpec { CaPem = rig.Expired.AuthorityPem } }),
            "tls",
            "certificate-expired",
            "The certificate of the authority 'Old Root', which vouches for the server, expired on {2 days ago}.",
            "Renew it, and give the new one to the server or, where it is named there, under Certificates, Authorities to trust."),
        new(
            "tls: an authority that is not yet valid",
            rig => rig.Secure(rig.Future.Issue("127.0.0.1")).Mqtt(MqttTransport.Tls, with: broker => broker with { Tls = new TlsSpec { CaPem = rig.Future.AuthorityPem } }),
            "tls",
            "certificate-not-yet-valid",
            "The certificate of the authority 'New Root', which vouches for the server, is valid only from {in 2 days}.",
            "Check the clocks of this machine and the server, and the certificate."),
        new(
            "tls: expired",
            rig => rig.Secure(rig.Root.Issue("127.0.0.1", Day(-30), Day(-2))).Mqtt(MqttTransport.Tls),
            "tls",
            "certificate-expired",
            "The certificate expired on {2 days ago}.",
            "Renew the server's certificate."),
        new(
            "tls: not yet valid",
            rig => rig.Secure(rig.Root.Issue("127.0.0.1", Day(2), Day(9))).Mqtt(MqttTransport.Tls),
            "tls",
            "certificate-not-yet-valid",
            "The certificate is valid only from {in 2 days}.",
            "Check the clocks of this machine and the server, and the certificate."),
        new(
            "tls: older than the lowest version",
            rig => rig.Secure(onlyTls12: true).Mqtt(MqttTransport.Tls, with: broker => broker with { Tls = broker.Tls! with { MinimumVersion = TlsVersion.Tls13 } }),
            "tls",
            "tls-version",
            "{at} agrees on TLS 1.2, and at least TLS 1.3 is asked for.",
            "Allow TLS 1.3 in the server's settings, or take TLS 1.2 as the lowest version: it is not broken."),
        new(
            "tls: a broker that closes after the handshake",
            rig => rig.Secure(then: (_, _) => Task.CompletedTask).Mqtt(MqttTransport.Tls),
            "sign-in",
            "closed",
            "{at} closed the connection instead of answering CONNECT.",
            "The broker may want a client certificate, or refuse the user without words. Its log says more."),
        new(
            "wss: no such path",
            rig => rig.Secure(then: Reply("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")).Mqtt(MqttTransport.SecureWebSocket),
            "sign-in",
            "not-websocket",
            "{at} speaks HTTP, but opens no WebSocket at /mqtt (status 404).",
            "Check the path: /mqtt is usual, some brokers use /ws or /."),
    ];

    private static DateTimeOffset Day(int days) => DateTimeOffset.UtcNow.AddDays(days);

    private static Func<Stream, CancellationToken, Task> Reply(string text) => async (stream, token) =>
    {
        await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: token);
        await stream.WriteAsync(System.Text.Encoding.Latin1.GetBytes(text), token);
        await Task.Delay(Timeout.Infinite, token);
    };
}
