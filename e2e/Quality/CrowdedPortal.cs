using Microsoft.Data.Sqlite;

namespace Portal.EndToEnd.Quality;

/// <summary>A portal of its own with 10 000 tasks, some of them running, and 1 000 connections: copies of the sandbox's, written into its database.</summary>
public sealed class CrowdedPortal(int running = CrowdedPortal.Running, Dictionary<string, string>? settings = null) : IAsyncDisposable
{
    public const int Tasks = 10_000;
    public const int Running = 50;
    public const int Connections = 1_000;

    public LivePortal Portal { get; } = new() { Settings = settings ?? [] };

    public async Task StartAsync()
    {
        await Portal.InitializeAsync();
        var first = await Portal.OpenAsync("tasks");
        await first.Locator("a[href^='/tasks/task-']").First.WaitForAsync();
        await first.Context.DisposeAsync();

        await Portal.Server.StopAsync();
        await using (var db = new SqliteConnection($"Data Source={Directory.GetFiles(Portal.Server.DataFolder, "*.db").Single()};Pooling=False"))
        {
            await db.OpenAsync();
            await CopyAsync(db, "Connections", Connections, new()
            {
                ["Id"] = "printf('resource-%08d', i)",
                ["Name"] = "printf('site-%04d', i)",
                ["UpdatedAt"] = "UpdatedAt - i * 60000",
            });
            await CopyAsync(db, "ConnectorTasks", Tasks - 1, new()
            {
                ["Id"] = "printf('task-%08d', i)",
                ["Name"] = "printf('line-%05d', i)",
                ["Asked"] = $"CASE WHEN i < {running} THEN 'Running' ELSE 'Paused' END",
                ["Settings"] = "json_set(Settings, '$.name', printf('line-%05d', i), '$.clients', 1)",
                ["StartedSettings"] = "NULL",
                ["UpdatedAt"] = "UpdatedAt - i * 60000",
            });
        }

        await Portal.Server.StartAsync();
    }

    public async ValueTask DisposeAsync() => await Portal.DisposeAsync();

    private static async Task CopyAsync(SqliteConnection db, string table, int count, Dictionary<string, string> changed)
    {
        var columns = new List<string>();
        await using (var describe = db.CreateCommand())
        {
            describe.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            await using var reader = await describe.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                columns.Add(reader.GetString(0));
            }
        }

        await using var copy = db.CreateCommand();
        copy.CommandText = $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO {table} ({string.Join(", ", columns)})
            SELECT {string.Join(", ", columns.Select(column => changed.GetValueOrDefault(column, column)))}
            FROM n, (SELECT * FROM {table} ORDER BY CreatedAt LIMIT 1)
            """;
        Assert.Equal(count, await copy.ExecuteNonQueryAsync());
    }
}
