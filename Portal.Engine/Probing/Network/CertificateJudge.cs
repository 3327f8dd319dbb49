using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Engine.Probing.Network;

/// <summary>Looks at the certificate of one handshake: issuer, name and time.</summary>
internal sealed class CertificateJudge(string name, string? caPem, TimeProvider time)
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public NetworkFault? Verdict { get; private set; }

    /// <summary>What it is, in words.</summary>
    public string Description { get; private set; } = "";

    /// <summary>Called by the handshake; always lets it go on.</summary>
    public bool Take(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            Verdict = new NetworkFault("no-certificate", "The server showed no certificate.", "Give the server a certificate, or choose an endpoint without TLS.");
            return true;
        }

        Description = $"of {certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)}, valid until {Day(certificate.NotAfter)}";
        Verdict = CheckTime(certificate) ?? CheckIssuer(certificate, chain) ?? CheckName(certificate, errors);
        return true;
    }

    private NetworkFault? CheckTime(X509Certificate2 certificate)
    {
        var now = time.GetUtcNow();
        if (certificate.NotAfter.ToUniversalTime() < now)
        {
            return new NetworkFault(
                "certificate-expired", $"The certificate expired on {Day(certificate.NotAfter)}.", "Renew the server's certificate.");
        }

        return certificate.NotBefore.ToUniversalTime() > now
            ? new NetworkFault(
                "certificate-not-yet-valid",
                $"The certificate is valid only from {Day(certificate.NotBefore)}.",
                "Check the clocks of this machine and the server, and the certificate.")
            : null;
    }

    private NetworkFault? CheckIssuer(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        if (caPem is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.ImportFromPem(caPem);
        }

        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainElements.Select(element => element.Certificate).ToArray());
        }

        if (chain.Build(certificate))
        {
            return null;
        }

        var top = chain.ChainElements.Count > 0 ? chain.ChainElements[^1].Certificate : certificate;
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            var issuer = top.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
            return new NetworkFault(
                "unknown-ca",
                $"The certificate is signed by '{issuer}', {(caPem is null ? "whom this machine does not trust" : "which is not the given CA")}. "
                + $"SHA-256 of {(top.Subject == top.Issuer ? "that authority" : "the certificate shown")}: {Convert.ToHexString(SHA256.HashData(top.RawData))}.",
                caPem is null
                    ? "If this is your own certificate authority, give its certificate (PEM) as CA."
                    : "Give the certificate (PEM) of the authority that signed the server's certificate.");
        }

        return new NetworkFault(
            "certificate-invalid",
            $"The certificate cannot be trusted: {string.Join(" ", chain.ChainStatus.Select(one => one.StatusInformation.Trim()))}",
            "Renew the server's certificate.");
    }

    private NetworkFault? CheckName(X509Certificate2 certificate, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0)
        {
            return null;
        }

        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        var names = alternatives is null
            ? [certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)]
            : alternatives.EnumerateDnsNames().Concat(alternatives.EnumerateIPAddresses().Select(address => address.ToString()));
        return new NetworkFault(
            "certificate-name",
            $"The certificate is for {string.Join(", ", names)}, not for {name}.",
            "Use a host name that the certificate names, or give the server a certificate for this one.");
    }

    private static string Day(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
