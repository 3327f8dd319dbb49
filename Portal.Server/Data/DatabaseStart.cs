using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data.Entities;
using Portal.Server.Hosting;

namespace Portal.Server.Data;

/// <summary>Takes the data folder and brings the database up to date, before anything else starts.</summary>
internal sealed partial class DatabaseStart(
    DataFolder folder, IDbContextFactory<PortalDb> databases, IConfiguration settings, ILogger<DatabaseStart> logger)
{
    /// <exception cref="StartRefusedException">With the setting and the cause.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        folder.Take();
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await MigrateAsync(db, cancellationToken);
            await AddRolesAsync(db, cancellationToken);
            await KeepRegionsAsync(db, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (Exception cause) when (Sqlite(cause) is { SqliteErrorCode: StorageWords.Full })
        {
            throw new StartRefusedException($"{DataFolder.Setting} is '{folder.Path}', where the disk is full. Make room there, or name another folder.", cause);
        }
        catch (Exception cause) when (Sqlite(cause) is not null)
        {
            throw new StartRefusedException(
                $"{DataFolder.Setting} is '{folder.Path}', and the database {folder.Database} cannot be used: {Sqlite(cause)!.Message} Put a good copy in its place, or move it away to begin with an empty one.",
                cause);
        }
    }

    // A statement fails by itself; a save wraps it, in EF's exception or in that of StorageWatch.
    private static SqliteException? Sqlite(Exception cause) => cause as SqliteException
        ?? (cause is StorageException or DbUpdateException ? cause.InnerException is DbUpdateException wrapped ? wrapped.InnerException as SqliteException : cause.InnerException as SqliteException : null);

    private async Task MigrateAsync(PortalDb db, CancellationToken cancellationToken)
    {
        if ((await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Except(db.Database.GetMigrations()).Any())
        {
            throw new StartRefusedException($"The database {folder.Database} was written by a newer version of Connector Portal. Start that version, or name another {DataFolder.Setting}.");
        }

        var pending = await db.Database.GetPendingMigrationsAsync(cancellationToken);
        if (pending.Any())
        {
            // A server that was killed while migrating leaves EF's own lock behind, on which the next start would wait for ever.
            // The folder is ours alone by now, so nobody can be holding it.
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS __EFMigrationsLock", cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
            Log.Migrated(logger, folder.Database, string.Join(", ", pending));
        }

        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
    }

    private static async Task AddRolesAsync(PortalDb db, CancellationToken cancellationToken)
    {
        var present = await db.Roles.Select(role => role.Name).ToListAsync(cancellationToken);
        foreach (var name in new[] { Roles.Administrator, Roles.Viewer }.Except(present))
        {
            db.Roles.Add(new IdentityRole(name!) { NormalizedName = name!.ToUpperInvariant() });
        }
    }

    // A region that left the settings stays: something may be registered in it.
    private async Task KeepRegionsAsync(PortalDb db, CancellationToken cancellationToken)
    {
        var known = await db.Regions.ToDictionaryAsync(region => region.Code, cancellationToken);
        foreach (var (code, name) in RegionSettings.Read(settings))
        {
            if (known.TryGetValue(code, out var region))
            {
                region.Name = name;
            }
            else
            {
                db.Regions.Add(new RegionRow { Code = code, Name = name });
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.Migrated, LogLevel.Information, "Database {Database} brought up to date: {Migrations}")]
        public static partial void Migrated(ILogger logger, string database, string migrations);
    }
}
