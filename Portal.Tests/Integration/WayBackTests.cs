using Portal.Client.Contracts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>A whole server, two Mosquittos and an Apache Kafka: a new broker that passes its test and yet lets no client of the task in.</summary>
public class WayBackTests(SharedKafka shared) : IClassFixture<SharedKafka>
{
    private const int Batch = 200;

    [Fact]
    public async Task NewBroker_PassesItsTestAndLetsNoClientIn_TaskGoesBackAlsoAfterTheServerWasKilled()
    {
        var kafka = await shared.GetAsync();
        await using var first = await MosquittoBroker.StartAsync();
        // The test's clients are called probe…, the task's are not.
        await using var second = await MosquittoBroker.StartAsync(new MosquittoOptions { Configuration = ["clientid_prefixes probe"] });
        await using var server = new PortalProcess(new Dictionary<string, string> { ["Sandbox:Enabled"] = "false" });
        await server.StartAsync();
        using var api = new PortalApi(server.Address);
        await api.SetUpAsync(server.SetupToken());
        var region = (await api.GetAsync<List<Region>>("regions"))[0].Code;
        var instance = await api.PostAsync("kafka-instances", new KafkaInstanceDraft { Name = "kafka", Region = region, BootstrapServers = kafka.Bootstrap });
        var former = await ConnectAsync(api, region, "first", first.Port);
        var asked = await ConnectAsync(api, region, "second", second.Port);
        var id = await api.CreateTaskAsync("numbers", former, instance.Id!, "load", "way-back", clients: 2);
        await DeliverAsync(api, id, first.Port);

        await EditAsync(api, id, asked);
        await WentBackAsync(api, id);

        Assert.Equal(asked, (await api.TaskAsync(id)).Settings.ConnectionId);
        Assert.Contains(second.Port.ToString(), Assert.Single(await api.GetAsync<List<OwedSessionView>>($"tasks/{id}/owed")).Broker);
        await DeliverAsync(api, id, first.Port);

        await server.KillAsync();
        await server.StartAsync();
        await WentBackAsync(api, id);
        Assert.Equal(asked, (await api.TaskAsync(id)).Settings.ConnectionId);
        await DeliverAsync(api, id, first.Port);

        // Back to what runs: nothing is left to go back to.
        await EditAsync(api, id, former);
        await api.RunsAsync(id);
        await DeliverAsync(api, id, first.Port);

        Assert.Equal(0, (await api.TaskAsync(id)).Live.Books.Unaccounted);
        Assert.Equal(4 * Batch, KafkaReader.Read(kafka.Bootstrap, "way-back", 4 * Batch).Count);
        Assert.Empty(server.Faults);
    }

    private static Task WentBackAsync(PortalApi api, string id) => Eventually.TrueAsync(
        async () => (await api.TaskAsync(id)).Live is { Status: ConnectorTaskStatus.Running } live && live.Warnings.Any(text => text.StartsWith("It went back", StringComparison.Ordinal)),
        "it runs with its former settings",
        TimeSpan.FromMinutes(3));

    // Counted from what the books say: those of the run that was killed end where they were stored last.
    private static async Task DeliverAsync(PortalApi api, string id, int port)
    {
        var before = (await api.TaskAsync(id)).Live.Books.Delivered;
        await using var publisher = await TestMqttClient.ConnectAsync(port, "publisher");
        for (var number = 0; number < Batch; number++)
        {
            await publisher.PublishAsync("load/0", $"{number}");
        }

        await Eventually.TrueAsync(async () => (await api.TaskAsync(id)).Live.Books.Delivered >= before + Batch, "all of it is delivered");
    }

    private static async Task EditAsync(PortalApi api, string id, string connectionId)
    {
        var task = await api.TaskAsync(id);
        await api.PutAsync($"tasks/{id}?revision={task.Revision}", task.Settings with { ConnectionId = connectionId });
    }

    private static async Task<string> ConnectAsync(PortalApi api, string region, string name, int port)
    {
        var cluster = await api.PostAsync("mqtt-clusters", new MqttClusterDraft
        {
            Name = name,
            Region = region,
            Kind = MqttClusterKind.Mosquitto,
            Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "127.0.0.1", port)],
        });
        return (await api.PostAsync("connections", new ConnectionDraft
        {
            Name = name,
            MqttClusterId = cluster.Id!,
            UserName = "tester",
            Password = SecretChange.Replace("secret"),
        })).Id!;
    }
}
