using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Tests.Fixtures;

/// <summary>
/// A real database in a folder of its own, made by the migrations, with region <c>local</c> and two people: <see cref="Anna"/>, an
/// administrator, and <see cref="Vera"/>, a viewer.
/// </summary>
internal sealed class ServerDatabase : IDbContextFactory<PortalDb>, IDisposable
{
    private static readonly Lazy<byte[]> Template = new(MakeTemplate);

    private readonly DbContextOptions<PortalDb> _options;

    public ServerDatabase()
    {
        Folder = new DataFolder(Directory.CreateTempSubdirectory("portal-db-").FullName);
        _options = Options(Folder);
        File.WriteAllBytes(Folder.Database, Template.Value);
    }

    public static Actor Anna { get; } = new("anna", "user-anna");

    public static Actor Vera { get; } = new("vera", "user-vera");

    public DataFolder Folder { get; }

    public SecretProtector Secrets { get; } = new(new EphemeralDataProtectionProvider());

    public PortalDb CreateDbContext() => new(_options);

    /// <summary>Stores rows as they are.</summary>
    public async Task AddAsync(params object[] rows)
    {
        await using var db = CreateDbContext();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    /// <summary>Reads what is stored, past every service.</summary>
    public async Task<T> ReadAsync<T>(Func<PortalDb, Task<T>> read)
    {
        await using var db = CreateDbContext();
        return await read(db);
    }

    /// <summary>An MQTT cluster.</summary>
    public async Task<MqttCluster> AddMqttClusterAsync(string name = "plant broker", string id = "mqtt-plant001")
    {
        var row = new MqttCluster
        {
            Id = id,
            Name = name,
            Region = "local",
            Kind = MqttClusterKind.Generic,
            Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "broker.test", 1883)],
            CreatedBy = Anna.Name,
        };
        await AddAsync(row);
        return row;
    }

    /// <summary>A Kafka instance.</summary>
    public async Task<KafkaInstance> AddKafkaInstanceAsync(string name = "plant kafka", string id = "ckafka-plant001")
    {
        var row = new KafkaInstance { Id = id, Name = name, Region = "local", BootstrapServers = "kafka.test:9092", CreatedBy = Anna.Name };
        await AddAsync(row);
        return row;
    }

    /// <summary>A connection to a cluster that exists.</summary>
    public async Task<Connection> AddConnectionAsync(
        string clusterId = "mqtt-plant001", string name = "plant", string id = "resource-plant001", string password = "secret of plant")
    {
        var row = new Connection
        {
            Id = id,
            Name = name,
            MqttClusterId = clusterId,
            UserName = "plant-user",
            Password = Secrets.Protect(SecretKind.ConnectionPassword, password),
            CreatedBy = Anna.Name,
        };
        await AddAsync(row);
        return row;
    }

    /// <summary>A task between a connection and an instance that exist.</summary>
    public async Task<ConnectorTask> AddConnectorTaskAsync(
        string name, AskedState asked = AskedState.Running, string connectionId = "resource-plant001", string instanceId = "ckafka-plant001",
        DateTimeOffset? deletingSince = null)
    {
        var row = new ConnectorTask
        {
            Id = Ids.New(Ids.ConnectorTask),
            Name = name,
            ConnectionId = connectionId,
            KafkaInstanceId = instanceId,
            Asked = asked,
            DeletingSince = deletingSince,
            Settings = new ConnectorTaskDraft { Name = name, ConnectionId = connectionId, KafkaInstanceId = instanceId, Topics = ["plant/#"], Topic = name },
            CreatedBy = Anna.Name,
        };
        await AddAsync(row);
        return row;
    }

    /// <summary>Another person who may change everything.</summary>
    public async Task<Actor> AddAdministratorAsync(string name)
    {
        var actor = new Actor(name, $"user-{name}");
        await using var db = CreateDbContext();
        var role = await db.Roles.SingleAsync(one => one.Name == Roles.Administrator);
        db.Users.Add(new PortalUser { Id = actor.UserId!, UserName = actor.Name, NormalizedUserName = actor.Name.ToUpperInvariant() });
        db.UserRoles.Add(new IdentityUserRole<string> { UserId = actor.UserId!, RoleId = role.Id });
        await db.SaveChangesAsync();
        return actor;
    }

    public void Dispose()
    {
        using (var db = CreateDbContext())
        {
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        Directory.Delete(Folder.Path, recursive: true);
    }

    private static DbContextOptions<PortalDb> Options(DataFolder folder)
    {
        var options = new DbContextOptionsBuilder<PortalDb>();
        options.UsePortalDatabase(folder);
        return options.Options;
    }

    private static byte[] MakeTemplate()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("portal-db-template-").FullName);
        using (var db = new PortalDb(Options(folder)))
        {
            db.Database.Migrate();
            db.Add(new RegionRow { Code = "local", Name = "Local" });
            AddUser(db, Anna, Roles.Administrator);
            AddUser(db, Vera, Roles.Viewer);
            db.SaveChanges();
            // Everything into the one file that is copied.
            db.Database.ExecuteSqlRaw("PRAGMA journal_mode = DELETE");
            SqliteConnection.ClearPool((SqliteConnection)db.Database.GetDbConnection());
        }

        var template = File.ReadAllBytes(folder.Database);
        Directory.Delete(folder.Path, recursive: true);
        return template;
    }

    private static void AddUser(PortalDb db, Actor actor, string role)
    {
        var row = new IdentityRole(role) { NormalizedName = role.ToUpperInvariant() };
        db.Roles.Add(row);
        db.Users.Add(new PortalUser { Id = actor.UserId!, UserName = actor.Name, NormalizedUserName = actor.Name.ToUpperInvariant() });
        db.UserRoles.Add(new IdentityUserRole<string> { UserId = actor.UserId!, RoleId = row.Id });
    }
}
