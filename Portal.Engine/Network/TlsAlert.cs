namespace Portal.Engine.Network;

/// <summary>
/// Reads out of a broken TLS connection what the other side objected to. With TLS 1.3 a server looks at the client's certificate only after
/// the client thinks the handshake done, so that its objection comes with the first answer.
/// </summary>
internal static class TlsAlert
{
    // As OpenSSL names the alerts of RFC 8446, section 6.2; on other platforms nothing is recognised and the general words stay.
    private static readonly string[] Refusals =
        ["alert bad certificate", "alert unknown ca", "alert certificate unknown", "alert certificate expired", "alert certificate revoked", "alert unsupported certificate", "alert access denied"];

    /// <summary>What the client's certificate has to do with it; null when that cannot be told.</summary>
    public static NetworkFault? Explain(Exception cause, string address, bool offered)
    {
        var text = $"{cause.Message} {cause.InnerException?.Message} {cause.InnerException?.InnerException?.Message}";
        // TLS 1.3 has an alert of its own for it; Java and TLS 1.2 find the certificate that was not sent bad, or shake their head at the whole.
        string[] missing = ["alert certificate required", "alert bad certificate", "alert handshake failure"];
        if (!offered && missing.Any(alert => text.Contains(alert, StringComparison.OrdinalIgnoreCase)))
        {
            return new NetworkFault(
                "client-certificate",
                $"{address} asks for a client certificate, and none is given.",
                "Under Certificates, give a client certificate with its key.");
        }

        return offered && Refusals.FirstOrDefault(alert => text.Contains(alert, StringComparison.OrdinalIgnoreCase)) is { } refusal
            ? new NetworkFault(
                "client-certificate-refused",
                $"{address} does not accept the client certificate ({refusal["alert ".Length..]}).",
                "Use a certificate that an authority signed whom the server trusts, and that is still valid.")
            : null;
    }
}
