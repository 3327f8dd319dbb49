using Portal.Client.Contracts;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Integration;

/// <summary>What the delivery tests ask of a running portal, through its REST API.</summary>
internal static class PortalScript
{
    public static async Task<string> CreateTaskAsync(
        this PortalApi api, string name, string connectionId, string kafkaInstanceId, string topicPrefix, string topic, int clients)
    {
        var created = await api.PostAsync("tasks", new ConnectorTaskDraft
        {
            Name = name,
            ConnectionId = connectionId,
            Topics = [NumberedLoad.Filter(topicPrefix)],
            Clients = clients,
            KafkaInstanceId = kafkaInstanceId,
            Topic = topic,
            AutoCreate = new TopicCreationSettings { Partitions = 6, Replicas = 1 },
        });
        await api.RunsAsync(created.Id!);
        return created.Id!;
    }

    /// <summary>Waits until all of a task's clients are online.</summary>
    public static Task RunsAsync(this PortalApi api, string taskId) =>
        Eventually.TrueAsync(async () => (await api.TaskAsync(taskId)).Live.Status == ConnectorTaskStatus.Running, $"{taskId} runs");

    /// <summary>Waits until the books say that as many messages as were sent are delivered, and nothing is open.</summary>
    public static async Task SettlesAsync(this PortalApi api, string taskId, NumberedLoad load)
    {
        var last = "";
        try
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var live = (await api.TaskAsync(taskId)).Live;
                    last = $"{live.Status} {live.Cause} {live.Books}";
                    return live.Books.Open == 0 && live.Books.Delivered >= load.Acknowledged && live.InPerSecond == 0;
                },
                $"{taskId} has delivered what was sent",
                TimeSpan.FromMinutes(3));
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{load.Acknowledged} were acknowledged to the publishers; the task says: {last}", exception);
        }
    }
}
