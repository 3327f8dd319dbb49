using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Sandbox;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Embedded;

/// <summary>The users of the embedded broker: kept in the database, handed to the broker at each start.</summary>
internal sealed class SandboxUserBook(
    IDbContextFactory<PortalDb> databases,
    EmbeddedSandbox sandbox,
    SecretProtector secrets,
    AuditTrail audit,
    IOptions<SandboxOptions> options,
    IConfiguration settings,
    TimeProvider time)
{
    public const string Connector = "ckafka_connector";
    public const string ConnectorPasswordSetting = "Sandbox:ConnectorPassword";

    private const string Devices = "sandbox_devices";
    private const string PasswordLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <summary>Makes the users that are missing, and lets the broker know all of them.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await AddIfMissingAsync(db, Connector, "Made for data integration at the first start", ConnectorPassword, cancellationToken);
        await AddIfMissingAsync(db, Devices, "The simulated devices", NewPassword, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var user in await db.MqttUsers.AsNoTracking().ToListAsync(cancellationToken))
        {
            sandbox.Users.Set(user.Name, Reveal(user));
        }
    }

    /// <summary>The credentials of the simulated devices.</summary>
    public Task<(string Name, string Password)> DevicesAsync(CancellationToken cancellationToken) => FindAsync(Devices, cancellationToken);

    /// <summary>The credentials made for data integration.</summary>
    public Task<(string Name, string Password)> ConnectorAsync(CancellationToken cancellationToken) =>
        FindAsync(Connector, cancellationToken);

    private async Task<(string Name, string Password)> FindAsync(string name, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (name, Reveal(await db.MqttUsers.AsNoTracking().SingleAsync(user => user.Name == name, cancellationToken)));
    }

    private async Task AddIfMissingAsync(
        PortalDb db, string name, string remark, Func<string> password, CancellationToken cancellationToken)
    {
        if (await db.MqttUsers.AnyAsync(user => user.Name == name, cancellationToken))
        {
            return;
        }

        db.MqttUsers.Add(new MqttUser
        {
            Name = name,
            Password = secrets.Protect(SecretKind.MqttUserPassword, password()),
            Remark = remark,
            CreatedAt = time.GetUtcNow(),
            CreatedBy = Actor.System.Name,
        });
        audit.Add(db, Actor.System, "create", new AuditSubject("MQTT user", name, name));
    }

    // A password that stands in a file that everybody has is good enough while only this machine reaches the broker.
    private string ConnectorPassword()
    {
        if (settings[ConnectorPasswordSetting] is { Length: > 0 } chosen
            && (IPAddress.IsLoopback(IPAddress.Parse(options.Value.Host)) || chosen != SandboxServices.PublishedPassword))
        {
            return chosen;
        }

        return NewPassword();
    }

    private static string NewPassword() => RandomNumberGenerator.GetString(PasswordLetters, 24);

    private string Reveal(MqttUser user)
    {
        try
        {
            return secrets.Reveal(SecretKind.MqttUserPassword, user.Password)!;
        }
        catch (CryptographicException cause)
        {
            throw new StartRefusedException(
                $"The passwords in the database cannot be read with the keys in {DataFolder.Setting}/keys: they belong to another data folder. Put back the keys that were copied with this database.",
                cause);
        }
    }
}
