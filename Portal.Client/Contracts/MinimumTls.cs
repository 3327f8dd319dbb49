namespace Portal.Client.Contracts;

/// <summary>The oldest version of TLS that a broker may agree on.</summary>
public enum MinimumTls
{
    /// <summary>TLS 1.2.</summary>
    Tls12,

    /// <summary>TLS 1.3.</summary>
    Tls13,
}
