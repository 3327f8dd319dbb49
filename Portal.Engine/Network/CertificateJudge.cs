using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Engine.Specs;

namespace Portal.Engine.Network;

/// <summary>Looks at the certificate of one handshake: issuer, name and time.</summary>
/// <param name="name">Whom the certificate has to name.</param>
/// <param name="hasOwnAuthorities">Whether authorities to trust were given, in place of this machine's.</param>
/// <param name="nameIsSetting">Whether the name can be set apart from the host, so that advice may offer that.</param>
/// <param name="time">Tells what is valid now.</param>
internal sealed class CertificateJudge(string name, bool hasOwnAuthorities, bool nameIsSetting, TimeProvider time)
{
    private const int MostNames = 5;

    /// <summary>A judge of what a broker shows at this endpoint.</summary>
    public static CertificateJudge Of(MqttBrokerSpec broker, MqttEndpoint endpoint, TimeProvider time) =>
        new(broker.Tls?.ServerName ?? endpoint.Host, broker.Tls?.CaPem is not null, nameIsSetting: true, time);

    /// <summary>By which a handshake trusts these authorities and no other. Revocation lists are not asked for.</summary>
    public static X509ChainPolicy Trusting(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public NetworkFault? Verdict { get; private set; }

    /// <summary>Whether the handshake came as far as a certificate.</summary>
    public bool HasSeen => Description.Length > 0;

    /// <summary>What it is, in words.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Called by the handshake with what the platform found. What that trusts is trusted; ours are only the words for what it does not.</summary>
    /// <returns>Whether the handshake may go on.</returns>
    public bool Take(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            Verdict = new NetworkFault("no-certificate", "The server showed no certificate.", "Give the server a certificate, or choose an endpoint without TLS.");
            return false;
        }

        Description = $"of {SimpleName(certificate)}, valid until {Day(certificate.NotAfter)}";
        Verdict = errors == SslPolicyErrors.None ? null
            : CheckTime(certificate, "The certificate", "Renew the server's certificate.") ?? CheckChain(certificate, chain!) ?? CheckName(certificate, errors);
        return errors == SslPolicyErrors.None;
    }

    private NetworkFault? CheckTime(X509Certificate2 certificate, string which, string renew)
    {
        var now = time.GetUtcNow();
        if (certificate.NotAfter.ToUniversalTime() < now)
        {
            return new NetworkFault("certificate-expired", $"{which} expired on {Day(certificate.NotAfter)}.", renew);
        }

        return certificate.NotBefore.ToUniversalTime() > now
            ? new NetworkFault(
                "certificate-not-yet-valid",
                $"{which} is valid only from {Day(certificate.NotBefore)}.",
                "Check the clocks of this machine and the server, and the certificate.")
            : null;
    }

    private NetworkFault? CheckChain(X509Certificate2 certificate, X509Chain chain)
    {
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            var top = chain.ChainElements.Count > 0 ? chain.ChainElements[^1].Certificate : certificate;
            var issuer = top.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
            return new NetworkFault(
                "unknown-ca",
                $"The certificate is signed by '{issuer}', {(hasOwnAuthorities ? "which is not the given CA" : "whom this machine does not trust")}. "
                + $"SHA-256 of {(top.Subject == top.Issuer ? "that authority" : "the certificate shown")}: {Convert.ToHexString(SHA256.HashData(top.RawData))}.",
                hasOwnAuthorities
                    ? "Under Certificates, Authorities to trust, give the certificate (PEM) of the authority that signed the server's."
                    : "If this is your own certificate authority, give its certificate (PEM) under Certificates, Authorities to trust.");
        }

        return chain.ChainElements.Skip(1).Select(element => CheckTime(element.Certificate)).FirstOrDefault(fault => fault is not null)
            ?? (status == X509ChainStatusFlags.NoError ? null : new NetworkFault(
                "certificate-invalid",
                $"The certificate cannot be trusted: {string.Join(" ", chain.ChainStatus.Select(one => one.StatusInformation.Trim()))}",
                "Give the server a certificate for servers that its whole chain of authorities allows."));
    }

    private NetworkFault? CheckTime(X509Certificate2 authority) => CheckTime(
        authority,
        $"The certificate of the authority '{SimpleName(authority)}', which vouches for the server,",
        "Renew it, and give the new one to the server or, where it is named there, under Certificates, Authorities to trust.");

    private NetworkFault? CheckName(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0)
        {
            return null;
        }

        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        string[] names = alternatives is null
            ? [certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)]
            : [.. alternatives.EnumerateDnsNames(), .. alternatives.EnumerateIPAddresses().Select(address => address.ToString())];
        names = [.. names.Where(one => one.Length > 0)];
        if (names.Length == 0)
        {
            return new NetworkFault("certificate-name", $"The certificate names no host, so it is not for {name}.", $"Give the server a certificate for {name}.");
        }

        var more = names.Length > MostNames ? $" and {Figures.Grouped(names.Length - MostNames)} more" : "";
        return new NetworkFault(
            "certificate-name",
            $"The certificate is for {string.Join(", ", names.Take(MostNames))}{more}, not for {name}.",
            $"Use a host name that the certificate names{(nameIsSetting ? ", or enter that one as Name in the broker's certificate" : "")}, or give the server a certificate for this one.");
    }

    private static string SimpleName(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    private static string Day(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
