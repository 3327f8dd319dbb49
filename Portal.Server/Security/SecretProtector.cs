using Microsoft.AspNetCore.DataProtection;
using Portal.Client.Contracts;

namespace Portal.Server.Security;

/// <summary>
/// What a stored secret is for. Each kind has a purpose of its own: a value moved into another column cannot be read there.
/// </summary>
internal enum SecretKind
{
    ConnectionPassword,
    MqttClientKey,
    KafkaPassword,
    KafkaClientKey,
    MqttUserPassword,
    Draft,
}

/// <summary>Encrypts what rests in the database and decrypts it on its way to a broker, never to a page.</summary>
internal sealed class SecretProtector(IDataProtectionProvider provider)
{
    public string Protect(SecretKind kind, string value) => For(kind).Protect(value);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys in the data folder are not those it was encrypted with.</exception>
    public string? Reveal(SecretKind kind, string? stored) => stored is null ? null : For(kind).Unprotect(stored);

    /// <summary>What is to be stored after a change.</summary>
    public string? Apply(SecretKind kind, string? stored, SecretChange change) => change.Kind switch
    {
        SecretChangeKind.Keep => stored,
        SecretChangeKind.Replace when !string.IsNullOrEmpty(change.Value) => Protect(kind, change.Value),
        _ => null,
    };

    private IDataProtector For(SecretKind kind) => provider.CreateProtector($"ConnectorPortal.{kind}");
}
