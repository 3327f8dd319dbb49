using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Data.Entities;
using Portal.Server.History;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Overview;

public sealed class OverviewServiceTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Read_TasksInSeveralStates_SortsThemByWhoMustAct()
    {
        var failed = await CreateAsync("failed", photo => photo with { Status = PipelineStatus.Failed, Cause = "Not authorised.", NeedsYou = true });
        var recovering = await CreateAsync("recovering", photo => photo with { Status = PipelineStatus.Recovering, Cause = "The broker refused." });
        var running = await CreateAsync("running", photo => photo with { InPerSecond = 12, OutPerSecond = 11, Books = new PipelineBooks(10, 4, 0, 0, 0, 0, 0, 6, 0) });

        var view = await ReadAsync();

        Assert.Equal((failed, "failed", "Not authorised."), view.NeedsYou.Select(item => (item.Id, item.Name, item.Cause)).Single());
        Assert.Equal(recovering, Assert.Single(view.Recovering).Id);
        Assert.Equal(running, Assert.Single(view.Busiest).Id);
        Assert.Equal((6, 6d, 0L), (view.Open, Assert.Single(view.Backlogged).Value, view.Unaccounted));
        Assert.Equal((1, 1, 1, 3), (view.Count(ConnectorTaskStatus.Failed), view.Count(ConnectorTaskStatus.Recovering), view.Count(ConnectorTaskStatus.Running), view.TaskCount));
    }

    [Fact]
    public async Task Read_OneRegion_LeavesTheOthersOut()
    {
        await CreateAsync("here", photo => photo);

        Assert.Equal(1, (await ReadAsync("gz")).TaskCount);
        Assert.Equal((0, 0, 1), await Of("sh"));

        async Task<(int, int, int)> Of(string region)
        {
            var view = await ReadAsync(region);
            return (view.TaskCount, view.Connections, view.KafkaInstances);
        }
    }

    [Fact]
    public async Task Read_ConnectionThatFailedItsCheck_NeedsSomebody()
    {
        await _bench.WriteAsync(db => db.Add(new Connection
        {
            Id = "resource-cccccccc",
            Name = "north",
            MqttClusterId = "mqtt-aaaaaaaa",
            CreatedBy = "t",
            CheckCause = "The certificate has expired.",
        }));

        var view = await ReadAsync();

        Assert.Equal(("resource-cccccccc", "The certificate has expired."), view.NeedsYou.Select(item => (item.Id, item.Cause)).Single());
        Assert.Equal((1, 3), (view.Unreachable, view.Connections));
    }

    [Fact]
    public async Task Read_DeadLettersAndFailures_ComeFromTheStoredHistory()
    {
        var id = await CreateAsync("dead", photo => photo with { Books = new PipelineBooks(10, 4, 5, 0, 0, 1, 0, 0, 0) });
        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        await _bench.Hosted<KeepFigures>().KeepAsync(Token);
        _bench.Time.Advance(TimeSpan.FromSeconds(10));

        var view = await ReadAsync();

        Assert.Equal(5, view.DeadLetters);
        Assert.Equal((id, 6d), view.Failing.Select(task => (task.Id, task.Value)).Single());
    }

    [Fact]
    public async Task Changes_WhatPeopleDid_IsToldInWordsNewestFirst()
    {
        var id = await CreateAsync("line7", photo => photo);
        await _bench.Tasks.RestartAsync([id], Token);

        var changes = await _bench.Get<IOverviewService>().ChangesAsync(_bench.Time.GetUtcNow().AddHours(-1), 10, Token);

        Assert.Equal(["Restarted task line7", "Created task line7"], changes.Select(change => change.Text));
        Assert.All(changes, change => Assert.Equal((id, false), (change.ObjectId, change.IsGone)));
    }

    private async Task<string> CreateAsync(string name, Func<PipelineSnapshot, PipelineSnapshot> change)
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = name });
        _bench.Supervisor.Show(id, change);
        _bench.Pump();
        return id;
    }

    private Task<OverviewView> ReadAsync(string? region = null) => _bench.Get<IOverviewService>().ReadAsync(region, Token);
}
