using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Client.Contracts;

namespace Portal.Server.Clusters.Rules;

/// <summary>Checks certificates and keys as text, so that a wrong paste is found in the form and not in a TLS handshake.</summary>
internal static class CertificateRules
{
    public static void CheckCertificates(
        this List<FieldError> errors, string? caPem, string? certificatePem, SecretChange key, bool hasStoredKey)
    {
        if (HoldsKey(caPem))
        {
            errors.Add(new FieldError(
                "CaPem", "This holds a private key. A CA needs none here: paste its certificates alone, and keep the key where it is."));
        }
        else if (!string.IsNullOrWhiteSpace(caPem) && !HoldsCertificate(caPem))
        {
            errors.Add(
                new FieldError("CaPem", "This is not a PEM certificate. It begins with -----BEGIN CERTIFICATE----- and may hold several."));
        }

        var hasKey = key.Kind == SecretChangeKind.Replace
            ? !string.IsNullOrWhiteSpace(key.Value)
            : key.Kind == SecretChangeKind.Keep && hasStoredKey;
        if (string.IsNullOrWhiteSpace(certificatePem))
        {
            if (hasKey)
            {
                errors.Add(new FieldError(
                    "ClientCertificatePem", "There is a private key but no client certificate. Paste the certificate, or remove the key."));
            }

            return;
        }

        if (HoldsKey(certificatePem))
        {
            errors.Add(new FieldError(
                "ClientCertificatePem", "This holds a private key. Paste the certificate alone; the key belongs into the field for the client key."));
        }
        else if (!HoldsCertificate(certificatePem))
        {
            errors.Add(
                new FieldError("ClientCertificatePem", "This is not a PEM certificate. It begins with -----BEGIN CERTIFICATE-----."));
        }
        else if (!hasKey)
        {
            errors.Add(new FieldError("ClientKey", "A client certificate needs its private key. Paste it as PEM, without a password."));
        }
        else if (key is { Kind: SecretChangeKind.Replace, Value: { } pem } && !Fits(certificatePem, pem))
        {
            errors.Add(new FieldError("ClientKey", "This is not the private key of the client certificate, as PEM without a password."));
        }
    }

    // A certificate is no secret: it is stored, shown and audited in clear, and a key beside it would be too.
    private static bool HoldsKey(string? pem) => pem?.Contains("PRIVATE KEY", StringComparison.OrdinalIgnoreCase) == true;

    private static bool HoldsCertificate(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            return certificates.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool Fits(string certificatePem, string keyPem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            return certificate.HasPrivateKey;
        }
        catch (Exception cause) when (cause is CryptographicException or ArgumentException)
        {
            return false;
        }
    }
}
