using Portal.Client.Contracts;
using Portal.Client.Wizards.ConnectorTasks;
using Portal.Tests.Fakes;

namespace Portal.Tests.Client.Wizards.ConnectorTasks;

public class SettingChoicesTests
{
    [Theory]
    [InlineData(ConnectionStatus.Running, null)]
    [InlineData(ConnectionStatus.Abnormal, "The connection failed its last check: Why.")]
    [InlineData(ConnectionStatus.Outdated, "The connection is not checked: Why.")]
    public async Task Warnings_OfAConnectionThatIsNotAvailable_SayWhy(ConnectionStatus status, string? warning)
    {
        var connections = new FakeConnectionService();
        connections.Connections.Add(SampleConnections.Connection(status: status, cause: status == ConnectionStatus.Running ? null : "Why."));
        var choices = new SettingChoices(connections, new FakeClusterService());
        await choices.LoadAsync(TestContext.Current.CancellationToken);

        var warnings = choices.WarningsFor(new ConnectorTaskDraft { ConnectionId = "resource-a", Topics = ["plant/#"] });

        Assert.Equal(warning is null ? [] : [warning], warnings);
    }
}
