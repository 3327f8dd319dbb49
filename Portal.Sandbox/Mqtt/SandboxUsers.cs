using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Sandbox.Mqtt;

/// <summary>
/// Who may sign in to the embedded MQTT broker. Safe to change while it runs; a change reaches the next CONNECT, not open connections.
/// </summary>
public sealed class SandboxUsers
{
    private readonly ConcurrentDictionary<string, byte[]> _passwords = new(StringComparer.Ordinal);

    /// <summary>Registers a user, or gives a known one another password.</summary>
    public void Set(string name, string password) => _passwords[name] = Digest(password);

    /// <summary>Removes a user; false when there was none.</summary>
    public bool Remove(string name) => _passwords.TryRemove(name, out _);

    /// <summary>Whether this user exists and this is the password.</summary>
    public bool Check(string? name, string? password) =>
        name is not null && password is not null
        && _passwords.TryGetValue(name, out var known)
        && CryptographicOperations.FixedTimeEquals(known, Digest(password));

    private static byte[] Digest(string password) => SHA256.HashData(Encoding.UTF8.GetBytes(password));
}
