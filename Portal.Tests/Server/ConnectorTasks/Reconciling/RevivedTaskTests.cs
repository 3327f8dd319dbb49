using System.Threading.Channels;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Engine.Specs;
using Portal.Server.Live.Roster;
using Portal.Tests.Fakes;

namespace Portal.Tests.Server.ConnectorTasks.Reconciling;

/// <summary>What failed by itself and is started again by itself: with which settings, and what is seen meanwhile.</summary>
public sealed class RevivedTaskTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private Guid _failed;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Revive_ConnectionChangedMeanwhileAndPassesItsTest_TakesTheSettingsOfNow()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        Fail(id);

        Assert.Null(await ReviveAsync(id));
        await _bench.MarkAsync();

        AssertRevived(id);
        Assert.Equal("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.False(_bench.Live(id).RestartToApply);
        Assert.Equal("changed", Assert.Single(_bench.Probe.MqttProbes).UserName);
    }

    [Fact]
    public async Task Revive_ConnectionChangedMeanwhileAndFailsItsTest_ComesBackAsItRanAndStaysRestartToApply()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user changed.", "Check the password.");
        Fail(id);

        Assert.Null(await ReviveAsync(id));
        await _bench.MarkAsync();

        AssertRevived(id);
        Assert.Null(_bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.True(_bench.Live(id).RestartToApply);
        Assert.Contains("restart it again", Assert.Single(_bench.Live(id).Warnings));
    }

    [Fact]
    public async Task Revive_NothingChanged_AsksNoBroker()
    {
        var id = await _bench.CreateAsync();
        Fail(id);

        Assert.Null(await ReviveAsync(id));

        AssertRevived(id);
        Assert.Empty(_bench.Probe.MqttProbes);
        Assert.Empty(_bench.Probe.KafkaProbes);
    }

    [Fact]
    public async Task Revive_ToAnotherBroker_EndsTheSessionsAtTheFormerOneFirst()
    {
        var id = await _bench.CreateAsync();
        await _bench.WriteAsync(db =>
        {
            var row = db.MqttClusters.Single(one => one.Id == "mqtt-aaaaaaaa");
            (row.Endpoints, row.Revision) = ([new ClusterEndpoint(EndpointTransport.Tcp, "moved", 1883)], row.Revision + 1);
        });
        Fail(id);

        Assert.Null(await ReviveAsync(id));

        Assert.Contains($"end-sessions {id}", _bench.Supervisor.Calls);
        Assert.Equal("moved", Host(id));
        Assert.Equal("moved", Assert.Single((await _bench.RowAsync(id))!.StartedEndpoints!).Host);
    }

    [Fact]
    public async Task Revive_WhateverBrokerItLeadsTo_CountsOn()
    {
        var id = await RunsOnAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "Not authorised." : null;
        Fail(id);
        _bench.Supervisor.CountedAnew.Clear();

        Assert.Null(await ReviveAsync(id));
        Assert.Equal("other", Host(id));
        await _bench.WentBackAsync(id);
        Assert.Equal("broker", Host(id));
        await _bench.LookAsync();

        Assert.Empty(_bench.Supervisor.CountedAnew);
    }

    [Fact]
    public async Task Order_OfAPerson_CountsAnew()
    {
        var id = await _bench.CreateAsync();
        Func<Task>[] orders =
        [
            () => _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { HeaderPrefix = "x." }, Token),
            () => _bench.Tasks.RestartAsync([id], Token),
            () => _bench.Tasks.PauseAsync([id], Token),
            () => _bench.Tasks.ResumeAsync([id], Token),
        ];
        foreach (var order in orders)
        {
            _bench.Supervisor.CountedAnew.Clear();
            await order();
            await _bench.SettleAsync(id);
            Assert.Equal([id], _bench.Supervisor.CountedAnew);
        }
    }

    [Fact]
    public async Task Revive_SettingsThatCannotBeCarriedOut_SaysWhy()
    {
        var id = await _bench.CreateAsync();
        Fail(id);
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];

        Assert.Contains("The filter makes no sense.", await ReviveAsync(id));
    }

    [Fact]
    public async Task Revive_CannotBeCarriedOutNow_IsNotGivenUpAndTakenUpByTheNextLook()
    {
        var id = await _bench.CreateAsync();
        Fail(id);
        _bench.Supervisor.Drained = Task.FromException(new IOException("disk full"));
        var run = _bench.Supervisor.Find(id)!.RunId;

        Assert.Null(await ReviveAsync(id));
        _bench.Supervisor.Show(id, photo => photo with { NextAttemptAt = null });
        Assert.Equal((ConnectorTaskStatus.Recovering, false), Seen(id));

        await _bench.LookAsync();
        Assert.Equal((ConnectorTaskStatus.Failed, true), Seen(id));

        _bench.Supervisor.Drained = Task.CompletedTask;
        await _bench.LookAsync();
        Assert.NotEqual(run, _bench.Supervisor.Find(id)!.RunId);
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
    }

    [Fact]
    public async Task Revive_CannotBeCarriedOutNowAndThenIsRefused_NeedsYou()
    {
        var id = await _bench.CreateAsync();
        await FailToReviveAsync(id);
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];

        await _bench.LookAsync();

        Assert.Equal((ConnectorTaskStatus.Failed, true), Seen(id));
        Assert.Contains(_bench.Live(id).Warnings, text => text.Contains("The filter makes no sense.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Revive_CannotBeCarriedOutNowAndHasNewerSettings_IsFinishedByTheLookWithItsTestAndItsWayBack()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await FailToReviveAsync(id);
        _bench.Supervisor.Drained = Task.CompletedTask;
        var tests = _bench.Probe.MqttProbes.Count;

        await _bench.LookAsync();

        AssertRevived(id);
        Assert.Equal(("changed", tests + 1), (_bench.Supervisor.InMotion[id].Source.Broker.UserName, _bench.Probe.MqttProbes.Count));
        var entry = _bench.Get<TaskRoster>().Find(id)!;
        Assert.True(entry.Former is { Spec.Source.Broker.UserName: null });
        Assert.NotNull((await _bench.RowAsync(id))!.FormerSettings);
    }

    [Fact]
    public async Task Revive_RunningOnWithFormerSettingsAndCannotBeCarriedOutTwice_IsStillTakenUp()
    {
        var id = await RunsOnAsync();
        await FailToReviveAsync(id);
        Assert.Equal((ConnectorTaskStatus.Recovering, false), Seen(id));
        await _bench.LookAsync();
        Assert.Equal((ConnectorTaskStatus.Failed, true), Seen(id));

        _bench.Supervisor.Drained = Task.CompletedTask;
        await _bench.LookAsync();

        Assert.Equal((ConnectorTaskStatus.Running, false), Seen(id));
        Assert.Equal("broker", Host(id));
        Assert.StartsWith("It runs on", Assert.Single(_bench.Live(id).Warnings));
    }

    [Fact]
    public async Task RunningOnWithFormerSettings_AttemptIsDue_NeedsNobody()
    {
        var id = await RunsOnAsync();
        Fail(id);
        _bench.Supervisor.Show(id, photo => photo with { NextAttemptAt = null });

        Assert.Equal((ConnectorTaskStatus.Recovering, false), Seen(id));
    }

    [Fact]
    public async Task Revive_PausedMeanwhile_StartsNothing()
    {
        var id = await _bench.CreateAsync();
        Fail(id);
        await _bench.Tasks.PauseAsync([id], Token);

        Assert.Null(await ReviveAsync(id));

        Assert.Empty(_bench.Supervisor.InMotion);
    }

    [Fact]
    public async Task Revive_RunningOnWithFormerSettings_ComesBackWithThemAndTakesTheNewOnesOnceTheyPass()
    {
        var id = await RunsOnAsync();
        Fail(id);

        // The automatic restart comes when it is due, not by the look that would test the new settings once more.
        var calls = _bench.Supervisor.Calls.Count;
        await _bench.LookAsync();
        Assert.Equal((calls, "broker"), (_bench.Supervisor.Calls.Count, Host(id)));

        Assert.Null(await ReviveAsync(id));

        AssertRevived(id);
        Assert.Equal("broker", Host(id));
        Assert.Equal((ConnectorTaskStatus.Running, false), Seen(id));
        Assert.Contains("the source fails: The broker refused user u.", Assert.Single(_bench.Live(id).Warnings));
        var row = (await _bench.RowAsync(id))!;
        Assert.Equal(("resource-cccccccc", "resource-aaaaaaaa"), (row.Settings.ConnectionId, row.StartedSettings!.ConnectionId));

        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        await _bench.LookAsync();
        Assert.Equal("other", Host(id));
        Assert.Empty(_bench.Live(id).Warnings);
    }

    [Fact]
    public async Task Revive_RunningOnWithFormerSettingsAndTheNewOnesPassByNow_TakesThemAndKnowsTheWayBack()
    {
        var id = await RunsOnAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        Fail(id);

        Assert.Null(await ReviveAsync(id));

        Assert.Equal("other", Host(id));
        Assert.Empty(_bench.Live(id).Warnings);
        Assert.Equal("broker", _bench.Get<TaskRoster>().Find(id)!.Former!.Spec.Source.Broker.Endpoints[0].Host);
    }

    [Fact]
    public async Task RunningOnWithFormerSettings_FailedForGood_IsLeftToThePerson()
    {
        var id = await RunsOnAsync();
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Failed, NeedsYou = true, Cause = "Stopped by policy." });
        var calls = _bench.Supervisor.Calls.Count;

        await _bench.LookAsync();

        Assert.Equal((calls, "broker"), (_bench.Supervisor.Calls.Count, Host(id)));
    }

    [Fact]
    public async Task RunningOnWithFormerSettings_ItsBrokerIsAwayForAMoment_DoesNotTakeWhatFailedItsTest()
    {
        var id = await RunsOnAsync();
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Recovering, Attempt = 1 });

        await _bench.LookAsync();

        Assert.Equal("broker", Host(id));
        Assert.Single(_bench.Live(id).Warnings);
    }

    [Fact]
    public async Task Revive_WhileItTestsAndDrains_IsSeenAsRestartingAndNeedsNobody()
    {
        var id = await RunsOnAsync();
        Fail(id);
        Assert.Equal((ConnectorTaskStatus.Recovering, false), Seen(id));
        _bench.Probe.Script = Channel.CreateUnbounded<ProbeReport>();
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        var (tests, orders) = (_bench.Probe.MqttProbes.Count, _bench.Supervisor.Applied.Count);

        var reviving = ReviveAsync(id);
        await Eventually.TrueAsync(() => _bench.Probe.MqttProbes.Count > tests, "it tests the new settings");
        Assert.Equal((ConnectorTaskStatus.Restarting, false), Seen(id));
        _bench.Probe.Script.Writer.TryWrite(_bench.Probe.Answer);
        _bench.Probe.Script.Writer.Complete();
        await Eventually.TrueAsync(() => _bench.Supervisor.Applied.Count > orders, "the old pipeline drains");
        Assert.Equal((ConnectorTaskStatus.Restarting, false), Seen(id));
        drained.SetResult();
        Assert.Null(await reviving);

        Assert.Equal((ConnectorTaskStatus.Running, false), Seen(id));
    }

    [Fact]
    public async Task GivenUp_FormerSettingsFail_AreTheOnesStartedAgain()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Group.Filters.Contains("secret/#") ? "Not authorised." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["secret/#"] }, Token);
        await _bench.SettleAsync(id);
        await _bench.WentBackAsync(id);
        Fail(id);

        Assert.Null(await ReviveAsync(id));

        AssertRevived(id);
        Assert.NotEqual("secret/#", _bench.Supervisor.InMotion[id].Source.Group.Filters[0]);
        Assert.NotEmpty(_bench.Live(id).Warnings);
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
    }

    /// <summary>A task that shall go to another broker, which fails its test.</summary>
    private async Task<string> RunsOnAsync()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user u.", "Check the password.");
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal("broker", Host(id));
        return id;
    }

    /// <summary>As the engine shows what failed and is started again by itself.</summary>
    private void Fail(string id)
    {
        _failed = _bench.Supervisor.Find(id)!.RunId;
        _bench.Supervisor.Show(id, photo => photo with
        {
            Status = PipelineStatus.Recovering,
            Cause = "A bug stopped the task.",
            Attempt = 1,
            AttemptsAllowed = 7,
            NextAttemptAt = _bench.Time.GetUtcNow() + TimeSpan.FromSeconds(2),
        });
        _bench.Pump();
    }

    /// <summary>It failed, and its automatic restart is under way and met a disk that is full.</summary>
    private async Task FailToReviveAsync(string id)
    {
        Fail(id);
        _bench.Supervisor.Drained = Task.FromException(new IOException("disk full"));
        Assert.Null(await ReviveAsync(id));
        _bench.Supervisor.Show(id, photo => photo with { NextAttemptAt = null });
    }

    private void AssertRevived(string id)
    {
        Assert.Equal($"apply {id}", _bench.Supervisor.Calls.Last());
        Assert.NotEqual(_failed, _bench.Supervisor.Find(id)!.RunId);
    }

    private Task<string?> ReviveAsync(string id) => _bench.Supervisor.Restart!(id, Token);

    private (ConnectorTaskStatus Status, bool NeedsYou) Seen(string id)
    {
        _bench.Pump();
        return (_bench.Live(id).Status, _bench.Live(id).NeedsYou);
    }

    private string Host(string id) => _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host;
}
