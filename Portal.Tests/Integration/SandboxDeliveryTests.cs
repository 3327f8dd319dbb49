using Portal.Client.Contracts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>
/// The whole product with its own brokers. They live in the server's memory, so here the task is paused, restarted and loses its
/// clients in the middle; what a kill of the server costs is proved on real brokers.
/// </summary>
public class SandboxDeliveryTests
{
    private const int Total = 20_000;

    [Fact]
    public async Task TaskDisturbedInTheMiddle_EveryNumberIsInKafka_AndTheBooksBalance()
    {
        await using var server = new PortalProcess(new Dictionary<string, string> { ["Sandbox:ConnectorPassword"] = "sandbox-connector-1" });
        await server.StartAsync();
        using var api = new PortalApi(server.Address);
        await api.SetUpAsync(server.SetupToken());
        var connection = (await api.GetAsync<ListPage<ConnectionView>>("connections")).Items.Single();
        var kafka = (await api.GetAsync<List<KafkaInstanceView>>("kafka-instances")).Single();
        var task = await api.CreateTaskAsync("numbers", connection.Id, kafka.Id, "load", "numbers", clients: 3);

        var load = new NumberedLoad(server.MqttPort, connection.UserName, "sandbox-connector-1", "load", Total, publishers: 8);
        var sending = load.RunAsync(perSecond: 2_000, CancellationToken.None);
        await Eventually.TrueAsync(() => load.Acknowledged > 4_000, "a fifth is sent");
        await api.PostAsync($"tasks/{task}/pause");
        await Eventually.TrueAsync(async () => (await api.TaskAsync(task)).Live.Status == ConnectorTaskStatus.Paused, "the task is paused");
        await api.PostAsync($"tasks/{task}/resume");
        await api.RunsAsync(task);
        await api.PostAsync($"tasks/{task}/restart");
        await api.RunsAsync(task);
        foreach (var index in new[] { 0, 1, 2 })
        {
            await api.PostAsync($"tasks/{task}/clients/{task}-{index}/disconnect");
        }

        await sending;
        await api.SettlesAsync(task, load);

        var topic = new NumberedTopic($"127.0.0.1:{server.KafkaPort}", "numbers");
        topic.Read(Total);
        var books = (await api.TaskAsync(task)).Live.Books;
        Assert.Empty(topic.Missing(Total));
        Assert.Equal(0, books.Unaccounted);
        Assert.Equal(0, books.Discarded);
        // What Kafka confirmed after its session was lost is in the topic, but stays abandoned in the books.
        Assert.InRange(Total + topic.Duplicates, books.Delivered, books.Delivered + books.Abandoned);
        Assert.Empty(server.Faults);
        Assert.Equal(0, await server.StopAsync());
    }
}
