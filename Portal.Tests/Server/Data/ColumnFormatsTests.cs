using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Data;

public sealed class ColumnFormatsTests : IDisposable
{
    private readonly ServerDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Times_AreOrderedAndComparedByTheDatabase()
    {
        await _database.AddMqttClusterAsync();
        var noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(8));
        foreach (var hours in new[] { 2, 0, 1 })
        {
            var row = await _database.AddConnectionAsync(name: $"at {hours}", id: $"resource-000000{hours}0");
            await _database.ReadAsync(db => db.Connections.Where(found => found.Id == row.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(found => found.UpdatedAt, noon.AddHours(hours)), Token));
        }

        var later = await _database.ReadAsync(db => db.Connections.Where(row => row.UpdatedAt > noon).OrderByDescending(row => row.UpdatedAt).Select(row => row.Name).ToListAsync(Token));

        Assert.Equal(["at 2", "at 1"], later);
        var raw = await _database.ReadAsync(
            db => db.Database.SqlQueryRaw<long>("SELECT UpdatedAt AS Value FROM Connections WHERE Name = 'at 0'").SingleAsync(Token));
        Assert.Equal(noon.ToUnixTimeMilliseconds(), raw);
    }

    [Fact]
    public async Task Settings_OfATask_ComeBackAsTheyWereAndHoldEnumsByName()
    {
        await _database.AddMqttClusterAsync();
        await _database.AddKafkaInstanceAsync();
        await _database.AddConnectionAsync();
        var task = await _database.AddConnectorTaskAsync("plant");
        var settings = task.Settings with
        {
            TopicMap = [new TopicMapEntry("a/#", "a"), new TopicMapEntry("#", "rest")],
            Compression = CompressionKind.Zstd,
            AutoCreate = new TopicCreationSettings { RetentionHours = 24 },
            KeyArgument = "$.id",
        };
        await _database.ReadAsync(async db =>
        {
            (await db.ConnectorTasks.FindAsync([task.Id], Token))!.Settings = settings;
            return await db.SaveChangesAsync(Token);
        });

        var stored = (await _database.ReadAsync(async db => await db.ConnectorTasks.FindAsync([task.Id], Token)))!.Settings;
        Assert.Equal(settings with { Topics = [], TopicMap = [] }, stored with { Topics = [], TopicMap = [] });
        Assert.Equal(settings.Topics, stored.Topics);
        Assert.Equal(settings.TopicMap, stored.TopicMap);
        var raw = await _database.ReadAsync(
            db => db.Database.SqlQueryRaw<string>("SELECT Settings AS Value FROM ConnectorTasks").SingleAsync(Token));
        Assert.Contains("\"Zstd\"", raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_ReplacedByEqualOnes_AreNoChange()
    {
        var row = await _database.AddMqttClusterAsync();
        await using var db = _database.CreateDbContext();
        var stored = (await db.MqttClusters.FindAsync([row.Id], Token))!;

        stored.Endpoints = [.. row.Endpoints];
        Assert.False(db.ChangeTracker.HasChanges());

        stored.Endpoints = [.. row.Endpoints, row.Endpoints[0] with { Port = 8883 }];
        Assert.True(db.ChangeTracker.HasChanges());
    }

    [Fact]
    public async Task Writers_AtTheSameTime_WaitForEachOther()
    {
        await _database.AddMqttClusterAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(
            () => _database.AddConnectionAsync(name: $"line {number}", id: $"resource-{number:00000000}"), Token)));

        Assert.Equal(16, await _database.ReadAsync(db => db.Connections.CountAsync(Token)));
    }
}
