using Portal.Client.Contracts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>The promise itself, on brokers that outlive the server: a real Mosquitto, a real Apache Kafka, and kill -9 under load.</summary>
public class RealBrokersDeliveryTests
{
    private const int Total = 20_000;
    private const int Clients = 2;
    private const int Window = 5_000;

    [Fact]
    public Task ServerKilledInTheMiddle_EveryNumberIsInKafka_AndDuplicatesAreFewAndMarked() => KillAsync(kills: 1, Total);

    [Fact]
    [Trait("Category", "Long")]
    public Task ServerKilledTwentyTimes_EveryNumberIsInKafka_AndDuplicatesAreFewAndMarked() => KillAsync(kills: 20, 200_000);

    private static async Task KillAsync(int kills, int total)
    {
        await using var kafka = await ApacheKafka.StartAsync();
        await using var mosquitto = await MosquittoBroker.StartAsync();
        await using var server = new PortalProcess(new Dictionary<string, string> { ["Sandbox:Enabled"] = "false" });
        await server.StartAsync();
        using var api = new PortalApi(server.Address);
        await api.SetUpAsync(server.SetupToken());
        var task = await CreateAsync(api, mosquitto, kafka);

        var load = new NumberedLoad(mosquitto.Port, "tester", "secret", "load", total, publishers: 8);
        var sending = load.RunAsync(perSecond: 2_000, CancellationToken.None);
        for (var kill = 1; kill <= kills; kill++)
        {
            var enough = total * kill / (kills + 1);
            await Eventually.TrueAsync(() => load.Acknowledged > enough, $"{enough} are sent", TimeSpan.FromMinutes(5));
            await server.KillAsync();
            await server.StartAsync();
            await api.RunsAsync(task);
        }

        await sending;
        var topic = new NumberedTopic(kafka.Bootstrap, "numbers");
        await Eventually.TrueAsync(
            async () =>
            {
                var live = (await api.TaskAsync(task)).Live;
                return live.Books.Open == 0 && live.InPerSecond == 0;
            },
            "the task is idle again");
        topic.Read(total);

        Assert.Empty(topic.Missing(total));
        Assert.InRange(topic.Duplicates, 0, kills * Clients * Window);
        Assert.Equal(0, topic.UnmarkedDuplicates);
        Assert.Equal(0, (await api.TaskAsync(task)).Live.Books.Unaccounted);
        Assert.Empty(server.Faults);
        TestContext.Current.SendDiagnosticMessage("{0} numbers, {1} kills: 0 lost, {2} duplicates, all marked", total, kills, topic.Duplicates);
    }

    private static async Task<string> CreateAsync(PortalApi api, MosquittoBroker mosquitto, ApacheKafka kafka)
    {
        var region = (await api.GetAsync<List<Region>>("regions"))[0].Code;
        var cluster = await api.PostAsync("mqtt-clusters", new MqttClusterDraft
        {
            Name = "mosquitto",
            Region = region,
            Kind = MqttClusterKind.Mosquitto,
            Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "127.0.0.1", mosquitto.Port)],
        });
        var instance = await api.PostAsync("kafka-instances", new KafkaInstanceDraft { Name = "kafka", Region = region, BootstrapServers = kafka.Bootstrap });
        var connection = await api.PostAsync("connections", new ConnectionDraft
        {
            Name = "mosquitto",
            MqttClusterId = cluster.Id!,
            UserName = "tester",
            Password = SecretChange.Replace("secret"),
        });
        return await api.CreateTaskAsync("numbers", connection.Id!, instance.Id!, "load", "numbers", Clients);
    }
}
