using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Server.Audit;
using Portal.Server.Security;

namespace Portal.Server.Data;

internal static class PortalDataServices
{
    /// <summary>The data folder, the database in it, and the keys for its secrets.</summary>
    public static WebApplicationBuilder AddPortalData(this WebApplicationBuilder builder)
    {
        var folder = DataFolder.From(builder.Configuration);
        // By a factory, so that the container disposes it: that gives the folder free.
        builder.Services.AddSingleton(_ => folder);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContextFactory<PortalDb>(
            (services, options) => options.UsePortalDatabase(folder).AddInterceptors(services.GetServices<IInterceptor>()));
        builder.Services.AddDataProtection().SetApplicationName("ConnectorPortal").PersistKeysToFileSystem(new DirectoryInfo(folder.Keys));
        builder.Services.AddSingleton<StorageWatch>();
        builder.Services.AddSingleton<IInterceptor>(services => services.GetRequiredService<StorageWatch>());
        builder.Services.AddSingleton<DatabaseStart>();
        builder.Services.AddSingleton<SecretProtector>();
        builder.Services.AddSingleton<AuditTrail>();
        return builder;
    }

    /// <summary>The database of a folder. A writer waits up to 10 s for another one; with WAL, readers never wait.</summary>
    public static DbContextOptionsBuilder UsePortalDatabase(this DbContextOptionsBuilder options, DataFolder folder) =>
        options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = folder.Database, DefaultTimeout = 10 }.ToString());
}
