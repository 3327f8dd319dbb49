using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Client.Pages.Clusters;

/// <summary>What a person wants to know of a certificate: whose, and until when.</summary>
/// <param name="Subject">Its common name, or the whole subject where it has none.</param>
/// <param name="NotAfter">When it expires.</param>
/// <param name="Fingerprint">SHA-256 in hexadecimal digits.</param>
public sealed record CertificateFacts(string Subject, DateTimeOffset NotAfter, string Fingerprint)
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>The certificates of a PEM, in its order; empty when there is none, or it cannot be read.</summary>
    public static IReadOnlyList<CertificateFacts> Read(string? pem)
    {
        if (string.IsNullOrWhiteSpace(pem))
        {
            return [];
        }

        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(pem);
            return [.. found.Select(Of)];
        }
        catch (CryptographicException)
        {
            return [];
        }
        finally
        {
            foreach (var certificate in found)
            {
                certificate.Dispose();
            }
        }
    }

    /// <summary>What its age asks for, in a word; null while nothing.</summary>
    public string? Warning(DateTimeOffset now) => Warning(NotAfter, now);

    /// <summary>The same of one of which only its end is known.</summary>
    public static string? Warning(DateTimeOffset notAfter, DateTimeOffset now) => notAfter <= now ? "expired" : notAfter - now < Soon ? "expires soon" : null;

    private static CertificateFacts Of(X509Certificate2 certificate)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return new(
            name.Length > 0 ? name : certificate.Subject,
            new DateTimeOffset(certificate.NotAfter.ToUniversalTime()),
            certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }
}
