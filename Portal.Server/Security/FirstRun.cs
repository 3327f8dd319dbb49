using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Server.Data;

namespace Portal.Server.Security;

/// <summary>
/// While nobody can sign in, whoever reads the log of the server may create the first administrator: no default password, and nobody
/// who merely reaches the port gets in. The token is new with each start and gone with the first user.
/// </summary>
internal sealed class FirstRun(IDbContextFactory<PortalDb> databases)
{
    private volatile string? _token;

    /// <summary>The token, or null when somebody can sign in.</summary>
    public string? Token => _token;

    public bool IsOpen => _token is not null;

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        _token = await db.Users.AnyAsync(cancellationToken) ? null : RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    public bool Accepts(string? token) =>
        _token is { } expected
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(token?.Trim() ?? ""));

    public void Close() => _token = null;
}
