using Portal.Client.Contracts;

namespace Portal.Tests.Client;

/// <summary>Tasks to show.</summary>
internal static class SampleTasks
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

    public static ConnectorTaskView Task(string id, string name, ConnectorTaskStatus status = ConnectorTaskStatus.Running, string? cause = null) => new()
    {
        Id = id,
        Revision = 3,
        Settings = new ConnectorTaskDraft
        {
            Name = name,
            ConnectionId = "resource-a",
            KafkaInstanceId = "ckafka-a",
            Topics = ["city/north/plates"],
            Topic = "plates",
            Clients = 2,
        },
        Asked = status == ConnectorTaskStatus.Paused ? AskedState.Paused : AskedState.Running,
        ConnectionName = "gz-prod",
        KafkaInstanceName = "kafka-gz",
        Region = "gz",
        GroupName = $"task_{id[5..]}",
        DeadLetterTopic = "plates.dlq",
        CreatedAt = Then,
        UpdatedAt = Then,
        Live = Live(id, status, cause),
    };

    public static ConnectorTaskLive Live(string id, ConnectorTaskStatus status = ConnectorTaskStatus.Running, string? cause = null) => new()
    {
        Id = id,
        Status = status,
        Since = Then,
        Cause = cause,
        ClientsAsked = 2,
        ClientsOnline = status == ConnectorTaskStatus.Running ? 2 : 0,
        RunStartedAt = status == ConnectorTaskStatus.Paused ? null : Then,
        ObservedAt = Then,
    };
}
