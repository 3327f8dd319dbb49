using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Tests.Fixtures;

/// <summary>A certificate authority of a test, and what it signs.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    public TestCertificates(string name = "Test Root", DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        var now = DateTimeOffset.UtcNow;
        _authority = request.CreateSelfSigned(notBefore ?? now.AddYears(-2), notAfter ?? now.AddYears(2));
    }

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A server or client certificate with its key; valid for a year unless told otherwise. Several names stand between commas; an empty one is left out.</summary>
    public X509Certificate2 Issue(string name, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name.Length > 0 ? $"CN={name.Split(',')[0]}" : "O=Acme", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            Array.ForEach(name.Split(',', StringSplitOptions.RemoveEmptyEntries), names.AddDnsName);
        }

        if (name.Length > 0)
        {
            request.CertificateExtensions.Add(names.Build());
        }

        var now = DateTimeOffset.UtcNow;
        using var authorityKey = _authority.GetECDsaPrivateKey()!;

        // Not by the authority's certificate, which would not sign beyond its own end.
        using var signed = request.Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), notBefore ?? now.AddDays(-1), notAfter ?? now.AddYears(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        // SslStream wants a key that is not only in memory on some systems; a round trip through PKCS#12 gives one everywhere.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    public void Dispose() => _authority.Dispose();
}
