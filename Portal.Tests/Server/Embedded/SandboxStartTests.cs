using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Server.Embedded;

/// <summary>What the first start registers, and what later starts leave alone; the real server on its real sandbox.</summary>
public sealed class SandboxStartTests : IDisposable
{
    private const string Canary = "canary-5d10-sandbox";

    private readonly string _data = Directory.CreateTempSubdirectory("portal-sandbox-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Starts_RegisterOnce_KeepTheAddressesTrue_AndTellNoSecret()
    {
        await using (var first = Portal())
        {
            await first.StartAsync();
            Assert.Equal(
                ["Sandbox broker|Embedded|local"], await QueryAsync("SELECT Name || '|' || Kind || '|' || Region FROM MqttClusters"));
            Assert.Equal(
                [$"Sandbox Kafka|1|127.0.0.1:{first.KafkaPort}"],
                await QueryAsync("SELECT Name || '|' || IsEmbedded || '|' || BootstrapServers FROM KafkaInstances"));
            Assert.Equal(
                ["sandbox|ckafka_connector"],
                await QueryAsync("SELECT Name || '|' || UserName FROM Connections WHERE CheckedAt IS NOT NULL AND CheckCause IS NULL"));
            Assert.Equal(["plant-telemetry|Running"], await QueryAsync("SELECT Name || '|' || Asked FROM ConnectorTasks"));
            Assert.Equal(["ckafka_connector", "sandbox_devices"], await QueryAsync("SELECT Name FROM MqttUsers ORDER BY Name"));
            Assert.Equal(["system"], await QueryAsync("SELECT DISTINCT Actor FROM AuditEntries"));
            await Eventually.TrueAsync(
                async () =>
                    (await QueryAsync("SELECT 'delivered' FROM TaskRuns WHERE Delivered > 0"))
                        .Count == 1, "the task delivers what the devices publish");
            Assert.Equal(0, await first.StopAsync());
            AssertNoSecret(first);
        }

        await using var second = Portal();
        await second.StartAsync();
        Assert.Equal([$"127.0.0.1:{second.KafkaPort}"], await QueryAsync("SELECT BootstrapServers FROM KafkaInstances"));
        Assert.Contains(
            $":{second.MqttPort}",
            Assert.Single(await QueryAsync("SELECT replace(Endpoints, '\"port\"', '') FROM MqttClusters")),
            StringComparison.Ordinal);
        Assert.Equal(
            ["1|1|2"],
            await QueryAsync("SELECT (SELECT count(*) FROM Connections) || '|' || (SELECT count(*) FROM ConnectorTasks) || '|' || (SELECT count(*) FROM MqttUsers)"));
        // Where the sandbox listens is nobody's edit: no revision, no word in the audit, no check that is called outdated.
        Assert.Equal(["1|1"], await QueryAsync("SELECT count(*) || '|' || max(Revision) FROM MqttClusters WHERE AddressChangedAt IS NULL"));
        Assert.Equal(["1|1"], await QueryAsync("SELECT count(*) || '|' || max(Revision) FROM KafkaInstances WHERE AddressChangedAt IS NULL"));
        Assert.Empty(await QueryAsync("SELECT Change FROM AuditEntries WHERE Action = 'change'"));
        await Eventually.TrueAsync(
            async () =>
                (await QueryAsync("SELECT 'delivered' FROM TaskRuns WHERE Delivered > 0"))
                    .Count == 2, "the task runs again, on the new addresses");
        Assert.Empty(await QueryAsync("SELECT Cause FROM OwedSessions"));
        Assert.Equal(0, await second.StopAsync());
        AssertNoSecret(second);
    }

    [Fact]
    public async Task Start_AfterAFirstOneThatWasCutShort_MakesWhatIsMissing()
    {
        await using (var first = Portal())
        {
            await first.StartAsync();
            Assert.Equal(0, await first.StopAsync());
        }

        await ExecuteAsync("DELETE FROM ConnectorTasks; DELETE FROM AuditEntries WHERE Action = 'create' AND ObjectKind = 'task'");
        await using (var second = Portal())
        {
            await second.StartAsync();
            Assert.Equal(["1|1"], await QueryAsync("SELECT (SELECT count(*) FROM Connections) || '|' || (SELECT count(*) FROM ConnectorTasks)"));
            Assert.Equal(0, await second.StopAsync());
        }

        await ExecuteAsync("DELETE FROM ConnectorTasks");
        await using var third = Portal();
        await third.StartAsync();
        Assert.Empty(await QueryAsync("SELECT Name FROM ConnectorTasks"));
    }

    [Fact]
    public async Task Start_Anew_PromisesAPausedTaskNothingOfTheFormerBroker()
    {
        await using (var first = Portal())
        {
            await first.StartAsync();
            Assert.Equal(0, await first.StopAsync());
        }

        await ExecuteAsync("UPDATE ConnectorTasks SET Asked = 'Paused', SessionsKeptUntil = 99999999999999");
        await using var second = Portal();
        await second.StartAsync();
        Assert.Equal(["Paused"], await QueryAsync("SELECT Asked FROM ConnectorTasks WHERE SessionsKeptUntil IS NULL"));
    }

    [Fact]
    public async Task Start_WithTheSandboxOff_RegistersAndListensToNothing()
    {
        await using var portal = new PortalProcess(new Dictionary<string, string> { ["Sandbox:Enabled"] = "false" }, _data);
        await portal.StartAsync();

        Assert.Equal(["0"], await QueryAsync("SELECT (SELECT count(*) FROM MqttClusters) + (SELECT count(*) FROM MqttUsers)"));
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(IPAddress.Loopback, portal.MqttPort, Token));
    }

    private PortalProcess Portal() => new(new Dictionary<string, string> { ["Sandbox:ConnectorPassword"] = Canary }, _data);

    private void AssertNoSecret(PortalProcess portal)
    {
        Assert.DoesNotContain(portal.Log, line => line.Contains(Canary, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(_data, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(Canary, reader.ReadToEnd(), StringComparison.Ordinal);
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "portal.db")};Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "portal.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(Token);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            found.Add(reader.GetValue(0).ToString()!);
        }

        return found;
    }
}
