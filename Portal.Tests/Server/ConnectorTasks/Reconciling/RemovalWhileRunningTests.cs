using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;

namespace Portal.Tests.Server.ConnectorTasks.Reconciling;

/// <summary>What tasks run with cannot be removed, although they are asked to use something else.</summary>
public sealed class RemovalWhileRunningTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IConnectionService Connections => _bench.Get<IConnectionService>();

    private IClusterService Clusters => _bench.Get<IClusterService>();

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task DeleteConnection_TaskStillRunsWithIt_IsRefusedUntilItRunsWithTheOther()
    {
        await RunsOnWithoutAWayBackAsync(Drafts.Valid with { ConnectionId = "resource-bbbbbbbb" });

        AssertRefused("gz-prod", await Connections.DeleteAsync("resource-aaaaaaaa", 1, Token));

        await TakeWhatIsAskedAsync();
        Assert.True((await Connections.DeleteAsync("resource-aaaaaaaa", 1, Token)).IsAccepted);
    }

    [Fact]
    public async Task RemoveKafkaInstance_TaskStillRunsWithIt_IsRefusedUntilItRunsWithTheOther()
    {
        await RunsOnWithoutAWayBackAsync(Drafts.Valid with { KafkaInstanceId = "ckafka-ssssssss", AllowOtherRegion = true });

        AssertRefused("kafka", await Clusters.RemoveKafkaInstanceAsync("ckafka-aaaaaaaa", 1, Token));

        await TakeWhatIsAskedAsync();
        Assert.True((await Clusters.RemoveKafkaInstanceAsync("ckafka-aaaaaaaa", 1, Token)).IsAccepted);
    }

    [Fact]
    public async Task RemoveMqttCluster_ConnectionWasBoundToAnotherAndTaskNotRestarted_IsRefusedUntilItIsPaused()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        await _bench.WriteAsync(db =>
        {
            foreach (var row in db.Connections)
            {
                (row.MqttClusterId, row.Revision) = ("mqtt-cccccccc", row.Revision + 1);
            }

            db.MqttClusters.Single(row => row.Id == "mqtt-aaaaaaaa").Kind = MqttClusterKind.Mosquitto;
        });

        AssertRefused("broker", await Clusters.RemoveMqttClusterAsync("mqtt-aaaaaaaa", 1, Token));

        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);
        Assert.True((await Clusters.RemoveMqttClusterAsync("mqtt-aaaaaaaa", 1, Token)).IsAccepted);
    }

    [Fact]
    public async Task DeleteConnection_OnlyATaskThatIsBeingDeletedRunsWithIt_SaysToWait()
    {
        var id = await RunsOnWithoutAWayBackAsync(Drafts.Valid with { ConnectionId = "resource-bbbbbbbb" });
        _bench.Supervisor.EndSessionsFailure = "broker:1883 refused the connection.";
        await _bench.Tasks.DeleteAsync(id, 2, false, Token);
        await _bench.SettleAsync(id);

        var refused = await Connections.DeleteAsync("resource-aaaaaaaa", 1, Token);

        Assert.Equal(CommandOutcome.Refused, refused.Outcome);
        Assert.EndsWith("Each is being deleted: wait until it is gone.", refused.Text);
    }

    /// <summary>A task that was recovering when it was given something else, which the engine refuses: it has no way back, but runs on.</summary>
    private async Task<string> RunsOnWithoutAWayBackAsync(ConnectorTaskDraft asked)
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Recovering, Attempt = 1 });
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];
        var updated = await _bench.Tasks.UpdateAsync(id, 1, asked, Token);
        Assert.True(updated.IsAccepted, updated.Text);
        await _bench.SettleAsync(id);
        Assert.Null((await _bench.RowAsync(id))!.FormerSettings);
        return id;
    }

    private async Task TakeWhatIsAskedAsync()
    {
        _bench.Supervisor.RefuseWith = [];
        await _bench.LookAsync();
    }

    private static void AssertRefused(string name, CommandResult result)
    {
        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.StartsWith($"{name} is used by 1 task: {Drafts.Valid.Name}. They were given something else, but still run with this one", result.Text);
    }
}
