using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Client.Contracts;
using Portal.Server;
using Portal.Server.Data;

namespace Portal.Tests.Server.Data;

public sealed class DatabaseStartTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("portal-start-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public async Task Run_FromNothing_MakesADatabaseThatMatchesTheModel()
    {
        using var folder = new DataFolder(Path.Combine(_path, "deep", "data"));
        await RunAsync(folder);

        await using var db = new Databases(folder).CreateDbContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Token));
        Assert.False(
            db.Database.HasPendingModelChanges(),
            "The entities changed without a migration: dotnet ef migrations add <Name> --project Portal.Server -o Data/Migrations");
        Assert.Equal(
            [Roles.Administrator, Roles.Viewer], await db.Roles.Select(role => role.Name!).OrderBy(name => name).ToListAsync(Token));
        Assert.Equal(
            "wal", await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").SingleAsync(Token));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Keys));
        }
    }

    [Fact]
    public async Task Run_Again_KeepsWhatIsThere()
    {
        using (var first = new DataFolder(_path))
        {
            await RunAsync(first, ("Regions:gz", "Guangzhou"));
        }

        using var second = new DataFolder(_path);
        await RunAsync(second, ("Regions:gz", "Canton"), ("Regions:sh", "Shanghai"));

        await using var db = new Databases(second).CreateDbContext();
        Assert.Equal(
            [("gz", "Canton"), ("sh", "Shanghai")],
            (await db.Regions.OrderBy(region => region.Code).ToListAsync(Token)).Select(region => (region.Code, region.Name)));
        Assert.Equal(2, await db.Roles.CountAsync(Token));
    }

    [Fact]
    public async Task Run_AfterAKillInTheMiddleOfAMigration_DoesNotWaitForIt()
    {
        using var folder = new DataFolder(_path);
        await using (var db = new Databases(folder).CreateDbContext())
        {
            await db.Database.ExecuteSqlRawAsync(
                "CREATE TABLE __EFMigrationsLock (Id INTEGER PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-01-01')",
                Token);
        }

        await RunAsync(folder).WaitAsync(TimeSpan.FromSeconds(60), Token);

        await using var migrated = new Databases(folder).CreateDbContext();
        Assert.Empty(await migrated.Database.GetPendingMigrationsAsync(Token));
    }

    [Fact]
    public async Task Run_OnAFolderInUse_NamesTheSetting()
    {
        using var first = new DataFolder(_path);
        await RunAsync(first);
        using var second = new DataFolder(_path);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => RunAsync(second));

        Assert.Contains("Data:Folder", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("another Connector Portal", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnAFileInsteadOfAFolder_NamesSettingAndCause()
    {
        var file = Path.Combine(_path, "file");
        await File.WriteAllTextAsync(file, "", Token);
        using var folder = new DataFolder(file);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => RunAsync(folder));

        Assert.Contains($"Data:Folder is '{file}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnWhatIsNoDatabase_SaysSo()
    {
        using var folder = new DataFolder(_path);
        await File.WriteAllTextAsync(folder.Database, string.Concat(Enumerable.Repeat("not a database ", 100)), Token);

        var refusal = await Assert.ThrowsAsync<StartRefusedException>(() => RunAsync(folder));

        Assert.Contains(folder.Database, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OnADatabaseOfANewerVersion_LeavesItAlone()
    {
        using var folder = new DataFolder(_path);
        await RunAsync(folder);
        await using (var db = new Databases(folder).CreateDbContext())
        {
            await db.Database.ExecuteSqlRawAsync("INSERT INTO __EFMigrationsHistory VALUES ('99990101000000_Future', '99.0')", Token);
        }

        folder.Dispose();
        using var again = new DataFolder(_path);

        Assert.Contains(
            "newer version", (await Assert.ThrowsAsync<StartRefusedException>(() => RunAsync(again))).Message, StringComparison.Ordinal);
    }

    private static Task RunAsync(DataFolder folder, params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        return new DatabaseStart(folder, new Databases(folder), configuration, NullLogger<DatabaseStart>.Instance).RunAsync(Token);
    }

    private sealed class Databases(DataFolder folder) : IDbContextFactory<PortalDb>
    {
        public PortalDb CreateDbContext()
        {
            var options = new DbContextOptionsBuilder<PortalDb>();
            options.UsePortalDatabase(folder);
            return new PortalDb(options.Options);
        }
    }
}
