using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks certificates and keys that came as PEM text. No text of them ever stands in an error.</summary>
internal static class PemValidation
{
    public static void Check(string? ca, string? certificate, string? key, SpecErrors errors)
    {
        if (ca is not null && !HasCertificates(ca))
        {
            errors.Add(nameof(TlsSpec.CaPem), "This is not a certificate in PEM form: it begins with -----BEGIN CERTIFICATE-----.");
        }

        if (certificate is null != key is null)
        {
            var missing = certificate is null ? nameof(TlsSpec.ClientCertificatePem) : nameof(TlsSpec.ClientKeyPem);
            errors.Add(missing, "A client certificate and its private key belong together: give both or none.");
        }
        else if (certificate is not null && !HasCertificates(certificate))
        {
            errors.Add(nameof(TlsSpec.ClientCertificatePem), "This is not a certificate in PEM form: it begins with -----BEGIN CERTIFICATE-----.");
        }
        else if (certificate is not null && !IsPair(certificate, key))
        {
            errors.Add(
                nameof(TlsSpec.ClientKeyPem),
                "This is not the private key of the client certificate, unencrypted and in PEM form (-----BEGIN PRIVATE KEY-----).");
        }
    }

    private static bool HasCertificates(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }

            return certificates.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsPair(string certificate, string? key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return pair.HasPrivateKey;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
