using Bunit;
using Portal.Client.Contracts;
using Portal.Client.Pages.ConnectorTasks.Detail;

namespace Portal.Tests.Client.Pages.ConnectorTasks.Detail;

/// <summary>The page of one task that runs, at any of its tabs.</summary>
public abstract class TaskPageContext : PageContext
{
    protected const string Id = "task-aaaaaaaa";
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected TaskPageContext()
    {
        Tasks.Tasks.Add(SampleTasks.Task(Id, "plates-north"));
        Clusters.KafkaInstances.Add(new KafkaInstanceView { Id = "ckafka-a", Name = "kafka-gz", Region = "gz", BootstrapServers = "kafka:9092" });
        Connections.Connections.Add(new ConnectionView { Id = "resource-a", Name = "gz-prod", MqttClusterId = "mqtt-a", MqttClusterName = "mq", Region = "gz" });
    }

    /// <summary>What is observed of the task.</summary>
    protected void Live(ConnectorTaskLive live) => Feed.Tasks = [live with { ObservedAt = Now }];

    protected IRenderedComponent<ConnectorTaskPage> Open(string? tab = null, string query = "")
    {
        Navigation.NavigateTo($"/tasks/{Id}{(tab is null ? "" : $"/{tab}")}{query}");
        return Render<ConnectorTaskPage>(parameters => parameters.Add(page => page.Id, Id).Add(page => page.Tab, tab));
    }
}
