using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;
using Portal.Tests.Fakes;

namespace Portal.Tests.Server.ConnectorTasks.Reconciling;

public sealed class TaskReconcilerTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Look_AfterACrash_StartsWhatIsAskedToRunAndNothingElse()
    {
        await StoreAsync("task-running1", AskedState.Running);
        await StoreAsync("task-paused11", AskedState.Paused, clients: 3);
        await _bench.Hosted<LoadTasks>().StartAsync(Token);
        await _bench.LookAsync();

        Assert.Equal(["task-running1"], _bench.Supervisor.InMotion.Keys);
        Assert.Equal((ConnectorTaskStatus.Paused, 3), (_bench.Live("task-paused11").Status, _bench.Live("task-paused11").ClientsAsked));
    }

    [Fact]
    public async Task Start_BeforeTheServerListens_LeavesTheBrokersAlone()
    {
        await StoreAsync("task-running1", AskedState.Running);
        await _bench.Hosted<LoadTasks>().StartAsync(Token);
        var loop = _bench.Hosted<ReconcileTasks>();

        await loop.StartAsync(Token);
        // Which takes the reconciler longer than its first look would.
        var asked = await _bench.CreateAsync();
        Assert.Equal([asked], _bench.Supervisor.InMotion.Keys);

        ((ApplicationLifetime)_bench.Get<IHostApplicationLifetime>()).NotifyStarted();
        await Eventually.TrueAsync(() => _bench.Supervisor.InMotion.ContainsKey("task-running1"), "the task is brought up");
        await loop.StopAsync(Token);
    }

    [Fact]
    public async Task Look_ConnectionChanged_LeavesTheRunningTaskAlone()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        var calls = _bench.Supervisor.Calls.Count;
        await _bench.LookAsync();

        Assert.Equal(calls, _bench.Supervisor.Calls.Count);
    }

    [Fact]
    public async Task Mark_ConnectionChanged_IsRestartToApplyUntilRestarted()
    {
        var id = await _bench.CreateAsync();
        await _bench.MarkAsync();
        Assert.False(_bench.Live(id).RestartToApply);
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        Assert.True(_bench.Live(id).RestartToApply);

        await _bench.Tasks.RestartAsync([id], Token);
        await _bench.SettleAsync(id);
        await _bench.MarkAsync();

        Assert.False(_bench.Live(id).RestartToApply);
        Assert.Equal("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
    }

    [Fact]
    public async Task Mark_OneSecretCannotBeRead_StillComparesTheOtherTasks()
    {
        var broken = await _bench.CreateAsync(Drafts.Valid with { ConnectionId = "resource-bbbbbbbb" });
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = "another" });
        await _bench.ChangeConnectionAsync();
        await _bench.WriteAsync(db =>
        {
            var row = db.Connections.Single(one => one.Id == "resource-bbbbbbbb");
            (row.Password, row.Revision) = ("nobody can read this", row.Revision + 1);
        });

        await _bench.MarkAsync();

        Assert.True(_bench.Live(id).RestartToApply);
        Assert.False(_bench.Live(broken).RestartToApply);
    }

    [Fact]
    public async Task Mark_ConnectionOnlyRenamed_IsNothingToRestartFor()
    {
        var id = await _bench.CreateAsync();
        await _bench.WriteAsync(db =>
        {
            var row = db.Connections.Single(one => one.Id == "resource-aaaaaaaa");
            (row.Name, row.Revision) = ("renamed", row.Revision + 1);
        });
        await _bench.MarkAsync();

        Assert.False(_bench.Live(id).RestartToApply);
    }

    [Fact]
    public async Task Update_MappingOnlyWhileConnectionIsNewer_SwapsAndKeepsTheOldConnection()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { HeaderPrefix = "x." }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal("x.", _bench.Supervisor.InMotion[id].Mapping.HeaderPrefix);
        Assert.Null(_bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.True(_bench.Live(id).RestartToApply);
    }

    [Fact]
    public async Task Update_ClientsWhileConnectionIsNewer_ScalesAndKeepsTheOldConnection()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 2 }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal((2, null), (_bench.Supervisor.InMotion[id].Clients.Count, _bench.Supervisor.InMotion[id].Source.Broker.UserName));
        Assert.True(_bench.Live(id).RestartToApply);
        Assert.Equal(2, (await _bench.RowAsync(id))!.StartedSettings!.Clients);
    }

    [Fact]
    public async Task Update_TopicsWhileConnectionIsNewer_StartsAnewWithTheSettingsOfNow()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["line/8/#"] }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.False(_bench.Live(id).RestartToApply);
    }

    [Fact]
    public async Task Restart_WhileAChangeIsUnderWay_StartsAnewWithTheSettingsOfNow()
    {
        var id = await _bench.CreateAsync();
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 2 }, Token);
        await Eventually.TrueAsync(() => _bench.Supervisor.Applied.Last().Clients.Count == 2, "the change is under way");
        await _bench.ChangeConnectionAsync();
        await _bench.Tasks.RestartAsync([id], Token);
        drained.SetResult();
        await _bench.SettleAsync(id);

        Assert.Equal("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
    }

    [Fact]
    public async Task Apply_Refused_ShowsTheErrorsAndKeepsWhatRuns()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 2 }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
        Assert.Contains("The filter makes no sense.", Assert.Single(_bench.Live(id).Warnings));
    }

    [Fact]
    public async Task Apply_RefusedAtTheFirstStart_IsFailedAndNeedsYou()
    {
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];
        var id = await _bench.CreateAsync();

        var live = _bench.Live(id);
        Assert.Equal((ConnectorTaskStatus.Failed, true), (live.Status, live.NeedsYou));
        Assert.Contains("makes no sense", live.Cause);
    }

    [Fact]
    public async Task Delete_Running_EndsItsSessionsAndRemovesIt()
    {
        var id = await _bench.CreateAsync();
        using var watch = _bench.Feed.WatchTasks();
        Assert.True((await _bench.Tasks.DeleteAsync(id, 1, false, Token)).IsAccepted);
        await _bench.SettleAsync(id);

        Assert.Contains($"end-sessions {id}", _bench.Supervisor.Calls);
        Assert.Null(await _bench.RowAsync(id));
        Assert.True(Assert.Single(await watch.Changes.FirstAsync(Token)).IsDeleted);
    }

    [Fact]
    public async Task Delete_NeverStarted_AsksTheBrokerNothing()
    {
        var id = await _bench.CreateAsync(paused: true);
        await _bench.Tasks.DeleteAsync(id, 1, false, Token);
        await _bench.SettleAsync(id);

        Assert.DoesNotContain($"end-sessions {id}", _bench.Supervisor.Calls);
        Assert.Null(await _bench.RowAsync(id));
    }

    [Fact]
    public async Task Delete_BrokerUnreachable_StaysSaysWhyAndIsTriedAgain()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.EndSessionsFailure = "broker:1883 refused the connection.";
        await _bench.Tasks.DeleteAsync(id, 1, false, Token);
        await _bench.SettleAsync(id);

        var live = _bench.Live(id);
        Assert.Equal((ConnectorTaskStatus.Deleting, true), (live.Status, live.NeedsYou));
        Assert.Contains("refused the connection", live.Cause);
        Assert.Equal(CommandOutcome.Refused, (await _bench.Tasks.UpdateAsync(id, 2, Drafts.Valid with { Clients = 2 }, Token)).Outcome);

        _bench.Supervisor.EndSessionsFailure = null;
        await _bench.LookAsync();
        Assert.Null(await _bench.RowAsync(id));
    }

    [Fact]
    public async Task Delete_ForgettingSessions_RemovesItAtOnce()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.EndSessionsFailure = "unreachable";
        await _bench.Tasks.DeleteAsync(id, 1, false, Token);
        await _bench.SettleAsync(id);
        Assert.True((await _bench.Tasks.DeleteAsync(id, 1, true, Token)).IsAccepted);
        await _bench.SettleAsync(id);

        Assert.Null(await _bench.RowAsync(id));
        Assert.Null(_bench.Feed.Tasks.Find(id));
        Assert.Empty(_bench.Supervisor.InMotion);
    }

    [Fact]
    public async Task Delete_CrashInTheMiddle_IsTakenUpAgain()
    {
        await StoreAsync("task-halfway1", AskedState.Running, deleting: true);
        await _bench.Hosted<LoadTasks>().StartAsync(Token);
        await _bench.LookAsync();

        Assert.Equal(["end-sessions task-halfway1"], _bench.Supervisor.Calls.Where(call => call.StartsWith("end", StringComparison.Ordinal)));
        Assert.Null(await _bench.RowAsync("task-halfway1"));
    }

    [Fact]
    public async Task Update_FewerClientsWhilePaused_EndsTheSessionsThatAreTooMany()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 3 });
        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 1 }, Token);
        await _bench.SettleAsync(id);

        Assert.Contains($"end-sessions {id}", _bench.Supervisor.Calls);
        Assert.Equal(1, (await _bench.RowAsync(id))!.StartedSettings!.Clients);
    }

    [Fact]
    public async Task Update_FewerClientsWhileRunning_RemembersTheOldOnesUntilTheyEnded()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 3 });
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 1, Topics = ["line/8/#"] }, Token);
        await Eventually.TrueAsync(() => _bench.Supervisor.Applied.Last().Clients.Count == 1, "the change is under way");

        var draining = (await _bench.RowAsync(id))!.StartedSettings!;
        Assert.Equal((3, "line/8/# line/7/#"), (draining.Clients, string.Join(' ', draining.Topics)));
        drained.SetResult();
        await _bench.SettleAsync(id);
        var after = (await _bench.RowAsync(id))!.StartedSettings!;
        Assert.Equal((1, "line/8/#"), (after.Clients, string.Join(' ', after.Topics)));
    }

    [Fact]
    public async Task Update_FewerClientsWhileRunningAndNotEnded_OwesThemAndEndsThemOnTheSlowTick()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 3 });
        _bench.Supervisor.Owed = ["client 2: its session is still at the broker."];
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 1 }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal(1, (await _bench.RowAsync(id))!.StartedSettings!.Clients);
        Assert.Equal(2, _bench.Live(id).OwedSessions);
        var owed = Assert.Single(await Owed.ListAsync(id, Token));
        Assert.Equal([$"{id}-1", $"{id}-2"], owed.ClientIds);
        Assert.Equal("client 2: its session is still at the broker.", owed.Cause);

        await _bench.LookAsync();
        await _bench.SettleAsync(id);
        Assert.DoesNotContain(_bench.Supervisor.Calls, call => call.StartsWith("end-left", StringComparison.Ordinal));
        _bench.Time.Advance(OwedDrains.RetryEvery);
        await _bench.LookAsync();
        await _bench.SettleAsync(id);

        Assert.Contains($"end-left {id} broker 1,2", _bench.Supervisor.Calls);
        Assert.Equal(0, _bench.Live(id).OwedSessions);
        Assert.Empty(await Owed.ListAsync(id, Token));
        Assert.Contains(id, _bench.Supervisor.InMotion.Keys);
    }

    [Fact]
    public async Task Update_MoreClientsAgain_GoesOnWithTheSessionsThatWereOwed()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 3 });
        _bench.Supervisor.Owed = ["client 2: its session is still at the broker."];
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 1 }, Token);
        await _bench.SettleAsync(id);
        _bench.Supervisor.Owed = [];

        await _bench.Tasks.UpdateAsync(id, 2, Drafts.Valid with { Clients = 2 }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal([$"{id}-2"], Assert.Single(await Owed.ListAsync(id, Token)).ClientIds);
    }

    [Fact]
    public async Task Restart_EndpointsEdited_IsAnotherBrokerWhoseSessionsAreDrainedThere()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.EndSessionsFailure = "broker:1883 refused the connection.";
        await _bench.WriteAsync(db =>
        {
            var row = db.MqttClusters.Single(one => one.Id == "mqtt-aaaaaaaa");
            (row.Endpoints, row.Revision) = ([new ClusterEndpoint(EndpointTransport.Tcp, "moved", 1883)], row.Revision + 1);
        });
        await _bench.Tasks.RestartAsync([id], Token);
        await _bench.SettleAsync(id);

        Assert.Equal("moved", _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host);
        Assert.Equal("tcp://broker:1883", Assert.Single(await Owed.ListAsync(id, Token)).Broker);
        Assert.Equal("moved", Assert.Single((await _bench.RowAsync(id))!.StartedEndpoints!).Host);

        _bench.Supervisor.EndSessionsFailure = null;
        Assert.True((await Owed.RetryAsync(id, Token)).IsAccepted);
        await _bench.SettleAsync(id);
        Assert.Contains($"end-left {id} broker 0", _bench.Supervisor.Calls);
        Assert.Empty(await Owed.ListAsync(id, Token));
        Assert.Equal(CommandOutcome.Refused, (await Owed.RetryAsync(id, Token)).Outcome);
    }

    [Fact]
    public async Task Forget_OwedSessions_AsksTheBrokerNothingMore()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 2 });
        _bench.Supervisor.Owed = ["client 1: its session is still at the broker."];
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid, Token);
        await _bench.SettleAsync(id);
        var owed = Assert.Single(await Owed.ListAsync(id, Token));

        Assert.True((await Owed.ForgetAsync(id, owed.Id, Token)).IsAccepted);
        Assert.Equal(CommandOutcome.NotFound, (await Owed.ForgetAsync(id, owed.Id, Token)).Outcome);
        _bench.Time.Advance(OwedDrains.RetryEvery);
        await _bench.LookAsync();

        Assert.DoesNotContain(_bench.Supervisor.Calls, call => call.StartsWith("end-left", StringComparison.Ordinal));
        Assert.Equal(0, _bench.Live(id).OwedSessions);
    }

    [Fact]
    public async Task Delete_OwingSessions_EndsThemFirst()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 2 });
        _bench.Supervisor.Owed = ["client 1: its session is still at the broker."];
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid, Token);
        await _bench.SettleAsync(id);
        await _bench.Tasks.DeleteAsync(id, 2, false, Token);
        await _bench.SettleAsync(id);

        Assert.Contains($"end-left {id} broker 1", _bench.Supervisor.Calls);
        Assert.Null(await _bench.RowAsync(id));
    }

    [Fact]
    public async Task Update_OtherBrokerWhileRunning_EndsTheSessionsThereBeforeItForgetsThem()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await Eventually.TrueAsync(() => _bench.Supervisor.Calls.Contains($"end-sessions {id}"), "the sessions are being ended");

        Assert.Equal("resource-aaaaaaaa", (await _bench.RowAsync(id))!.StartedSettings!.ConnectionId);
        drained.SetResult();
        await _bench.SettleAsync(id);
        Assert.Equal("resource-cccccccc", (await _bench.RowAsync(id))!.StartedSettings!.ConnectionId);
        Assert.Equal("other", _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host);
    }

    [Fact]
    public async Task Update_ToABrokerThatFailsItsTest_RunsOnSaysWhyAndTakesItOnceItPasses()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        var host = _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host;
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user u.", "Check the password.");
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        await _bench.LookAsync();

        Assert.Equal(host, _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host);
        var live = _bench.Live(id);
        Assert.Equal(ConnectorTaskStatus.Running, live.Status);
        Assert.Contains("the source fails: The broker refused user u. Check the password.", Assert.Single(live.Warnings));
        Assert.Equal("resource-aaaaaaaa", (await _bench.RowAsync(id))!.StartedSettings!.ConnectionId);
        Assert.Single(await _bench.ReadAsync(db => db.TaskEvents.Where(line => line.Text.StartsWith("It runs on")).ToListAsync(Token)));

        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        await _bench.LookAsync();

        Assert.Equal("other", _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host);
        Assert.Empty(_bench.Live(id).Warnings);
    }

    [Fact]
    public async Task Update_ToATargetThatFailsItsTest_RunsOnAndSaysWhy()
    {
        var id = await _bench.CreateAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The topic is missing.", "Create it.");
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Compression = CompressionKind.Zstd }, Token);
        await _bench.SettleAsync(id);

        Assert.Contains("the target fails: The topic is missing.", Assert.Single(_bench.Live(id).Warnings));
        Assert.Empty(_bench.Probe.MqttProbes);
        Assert.Equal([Drafts.Valid.Topic], _bench.Probe.KafkaTargets[0].Topics.Take(1));
    }

    [Fact]
    public async Task Restart_WithConnectionSettingsThatFailTheirTest_RunsOnAndStaysRestartToApply()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        await _bench.MarkAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user changed.", "Check the password.");

        Assert.False(await _bench.Get<TaskReconciler>().RestartAsync(id));
        await _bench.MarkAsync();

        Assert.NotEqual("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.True(_bench.Live(id).RestartToApply);
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
        Assert.Contains("restart it again", Assert.Single(_bench.Live(id).Warnings));
    }

    [Fact]
    public async Task Restart_OfATaskThatCannotWork_TakesTheNewSettingsAsTheyAre()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Blocked });
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user changed.", "Check the password.");

        Assert.True(await _bench.Get<TaskReconciler>().RestartAsync(id));

        Assert.Equal("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
        Assert.Empty(_bench.Probe.MqttProbes);
    }

    [Fact]
    public async Task Restart_WithTheSettingsThatItRunsWith_AsksNoBroker()
    {
        var id = await _bench.CreateAsync();

        Assert.True(await _bench.Get<TaskReconciler>().RestartAsync(id));

        Assert.Empty(_bench.Probe.MqttProbes);
        Assert.Empty(_bench.Probe.KafkaProbes);
    }

    [Fact]
    public async Task Update_ToABrokerWhereItDoesNotComeUp_GoesBackSaysSoAndKeepsWhatIsAsked()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "The broker refused to subscribe." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal((ConnectorTaskStatus.Recovering, "other"), (_bench.Live(id).Status, Host(id)));

        await _bench.WentBackAsync(id);

        Assert.Equal((ConnectorTaskStatus.Running, "broker"), (_bench.Live(id).Status, Host(id)));
        Assert.Contains("did not come up: The broker refused to subscribe.", Assert.Single(_bench.Live(id).Warnings));
        Assert.Single(await _bench.ReadAsync(db => db.TaskEvents.Where(line => line.Text.StartsWith("It went back")).ToListAsync(Token)));
        var row = (await _bench.RowAsync(id))!;
        Assert.Equal(("resource-cccccccc", "resource-aaaaaaaa"), (row.Settings.ConnectionId, row.StartedSettings!.ConnectionId));
        Assert.Equal("broker", Assert.Single(row.StartedEndpoints!).Host);
        Assert.Equal(2, _bench.Supervisor.Calls.Count(call => call == $"end-sessions {id}"));

        // Not again by itself, however often somebody looks.
        var calls = _bench.Supervisor.Calls.Count;
        await _bench.LookAsync();
        await _bench.LookAsync();
        Assert.Equal(calls, _bench.Supervisor.Calls.Count);
        Assert.Single(_bench.Live(id).Warnings);

        _bench.Supervisor.HoldsUp = _ => null;
        Assert.True(await _bench.Get<TaskReconciler>().RestartAsync(id));
        Assert.Equal("other", Host(id));
        Assert.Empty(_bench.Live(id).Warnings);
    }

    [Fact]
    public async Task Update_WhatItLeavesAtTheNewBroker_IsOwedThere()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "It is dark." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        _bench.Supervisor.EndSessionsFailure = "other:1883 does not answer.";

        await _bench.WentBackAsync(id);

        Assert.Equal("broker", Host(id));
        Assert.Equal("tcp://other:1883", Assert.Single(await Owed.ListAsync(id, Token)).Broker);
    }

    [Fact]
    public async Task Update_TopicsThatAreNotAllowed_GoesBackAtOnceAndSettlesTheSessionsOfBoth()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Group.Filters.Contains("secret/#") ? "Not authorised." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["secret/#"] }, Token);
        await _bench.SettleAsync(id);
        _bench.Supervisor.Show(id, photo => photo with { NeedsYou = true });

        await _bench.WentBackAsync(id, TimeSpan.FromSeconds(2));

        Assert.Equal(Drafts.Valid.Topics, _bench.Supervisor.InMotion[id].Source.Group.Filters);
        var row = (await _bench.RowAsync(id))!;
        Assert.Equal(("secret/#", string.Join(' ', Drafts.Valid.Topics)), (Assert.Single(row.Settings.Topics), string.Join(' ', row.StartedSettings!.Topics)));
    }

    [Fact]
    public async Task Update_EditedWhileItDoesNotComeUp_StillKnowsTheWayBack()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Group.Filters[0].StartsWith("secret", StringComparison.Ordinal) ? "Not authorised." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["secret/#"] }, Token);
        await _bench.SettleAsync(id);
        await _bench.Tasks.UpdateAsync(id, 2, Drafts.Valid with { Topics = ["secret/2/#"] }, Token);
        await _bench.SettleAsync(id);
        await _bench.Tasks.UpdateAsync(id, 3, Drafts.Valid with { Topics = ["secret/2/#"], HeaderPrefix = "x." }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal("secret/2/#", _bench.Supervisor.InMotion[id].Source.Group.Filters[0]);

        await _bench.WentBackAsync(id);

        Assert.Equal((Drafts.Valid.Topics[0], ""), (_bench.Supervisor.InMotion[id].Source.Group.Filters[0], _bench.Supervisor.InMotion[id].Mapping.HeaderPrefix));
        Assert.Equal("x.", (await _bench.RowAsync(id))!.Settings.HeaderPrefix);
    }

    [Fact]
    public async Task Update_PausedWhileItDoesNotComeUp_StaysPausedAndStartsWithWhatIsAsked()
    {
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Group.Filters.Contains("secret/#") ? "Not authorised." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["secret/#"] }, Token);
        await _bench.SettleAsync(id);
        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);
        _bench.Time.Advance(TimeSpan.FromMinutes(2));
        await _bench.SettleAsync(id);
        Assert.Empty(_bench.Supervisor.InMotion);

        await _bench.Tasks.ResumeAsync([id], Token);
        await _bench.SettleAsync(id);
        Assert.Equal("secret/#", _bench.Supervisor.InMotion[id].Source.Group.Filters[0]);
        Assert.Empty(_bench.Live(id).Warnings);
    }

    [Fact]
    public async Task Resume_OfAFailedTask_TakesTheSettingsOfNow()
    {
        var id = await _bench.CreateAsync();
        await _bench.ChangeConnectionAsync();
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Failed, NeedsYou = true });

        await _bench.Tasks.ResumeAsync([id], Token);
        await _bench.SettleAsync(id);

        Assert.Equal("changed", _bench.Supervisor.InMotion[id].Source.Broker.UserName);
    }

    [Fact]
    public async Task Update_Refused_RemembersWhatRunsOn()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 3 });
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Clients = 1 }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal(3, (await _bench.RowAsync(id))!.StartedSettings!.Clients);
    }

    [Fact]
    public async Task Update_FiltersWhilePausedAndBrokerAway_WarnsAndDoesNotStartBeforeTheOldSessionsEnded()
    {
        var id = await _bench.CreateAsync();
        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);
        _bench.Supervisor.EndSessionsFailure = "broker:1883 refused the connection.";
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["line/8/#"] }, Token);
        await _bench.SettleAsync(id);
        Assert.Contains("refused", Assert.Single(_bench.Live(id).Warnings));

        await _bench.Tasks.ResumeAsync([id], Token);
        await _bench.SettleAsync(id);
        Assert.Equal(ConnectorTaskStatus.Recovering, _bench.Live(id).Status);
        Assert.Empty(_bench.Supervisor.InMotion);

        _bench.Supervisor.EndSessionsFailure = null;
        await _bench.LookAsync();
        Assert.Equal(["line/8/#"], _bench.Supervisor.InMotion[id].Source.Group.Filters);
        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
    }

    [Fact]
    public async Task Update_OtherBrokerWhileTheOldOneIsAway_StartsAndSaysWhatIsLeft()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);
        _bench.Supervisor.EndSessionsFailure = "broker:1883 refused the connection.";
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.Tasks.ResumeAsync([id], Token);
        await _bench.SettleAsync(id);

        Assert.Equal(ConnectorTaskStatus.Running, _bench.Live(id).Status);
        Assert.Contains(await _bench.Tasks.EventsAsync(id, null, 10, Token), line => line.Severity == EventSeverity.Warning && line.Text.Contains("refused"));
    }

    [Fact]
    public async Task Look_AfterACrashInATrial_TriesWhatIsAskedAndStillKnowsTheWayBack()
    {
        await StoreWithAWayBackAsync("task-crashed11");
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "Not authorised." : null;
        await _bench.Hosted<LoadTasks>().StartAsync(Token);
        await _bench.LookAsync();
        Assert.Equal("other", Host("task-crashed11"));

        await _bench.WentBackAsync("task-crashed11");

        Assert.Equal("broker", Host("task-crashed11"));
        Assert.NotNull((await _bench.RowAsync("task-crashed11"))!.FormerSettings);
    }

    [Fact]
    public async Task Look_AfterACrashAndWhatIsAskedFailsItsTest_LeavesTheFormerBrokerOnlyOnceItPasses()
    {
        const string Id = "task-crashed11";
        await StoreWithAWayBackAsync(Id);
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user u.", "Check the password.");
        await _bench.Hosted<LoadTasks>().StartAsync(Token);

        await _bench.LookAsync();
        await _bench.LookAsync();

        Assert.Equal((ConnectorTaskStatus.Running, false, "broker"), (_bench.Live(Id).Status, _bench.Live(Id).NeedsYou, Host(Id)));
        Assert.Contains("the source fails: The broker refused user u.", Assert.Single(_bench.Live(Id).Warnings));
        Assert.Equal([$"apply {Id}"], _bench.Supervisor.Calls);
        Assert.Single(await _bench.ReadAsync(db => db.TaskEvents.Where(line => line.Text.StartsWith("It runs on")).ToListAsync(Token)));
        var row = (await _bench.RowAsync(Id))!;
        Assert.Equal(
            ("resource-cccccccc", "resource-aaaaaaaa", "resource-aaaaaaaa"),
            (row.Settings.ConnectionId, row.StartedSettings!.ConnectionId, row.FormerSettings!.ConnectionId));

        _bench.Probe.Answer = FakeEndpointProbe.Passing;
        await _bench.LookAsync();

        Assert.Equal("other", Host(Id));
        Assert.Empty(_bench.Live(Id).Warnings);
        Assert.Equal("resource-aaaaaaaa", _bench.Get<TaskRoster>().Find(Id)!.Former!.Settings.ConnectionId);
    }

    [Fact]
    public async Task FormerSettings_AnotherEditFailsItsTestInTheTrial_AreThoseOfWhatHasComeUp()
    {
        var id = await InTrialAsync();
        _bench.Probe.Answer = FakeEndpointProbe.Failing("The broker refused user u.", "Check the password.");
        await _bench.Tasks.UpdateAsync(id, 2, Drafts.Valid with { Compression = CompressionKind.Zstd, ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal(Drafts.Valid.Compression, (await _bench.RowAsync(id))!.FormerSettings!.Compression);

        await PassAsync(TimeSpan.FromSeconds(31));
        await Eventually.TrueAsync(() => _bench.Get<TaskRoster>().Find(id) is { Former: null }, "it came up");

        var former = (await _bench.RowAsync(id))!.FormerSettings!;
        Assert.Equal((CompressionKind.Zstd, "resource-aaaaaaaa"), (former.Compression, former.ConnectionId));
        Assert.Equal("broker", Host(id));
    }

    [Fact]
    public async Task Update_InATrialThatLooksWell_KeepsTheWayBackToWhatIsProven()
    {
        var id = await InTrialAsync();
        await _bench.Tasks.UpdateAsync(id, 2, Drafts.Valid with { Compression = CompressionKind.Zstd, ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);

        Assert.Equal("other", Host(id));
        Assert.Equal(Drafts.Valid.Compression, _bench.Get<TaskRoster>().Find(id)!.Former!.Settings.Compression);
        Assert.Equal(Drafts.Valid.Compression, (await _bench.RowAsync(id))!.FormerSettings!.Compression);
    }

    /// <summary>A task with a new target, of which nothing tells yet whether it takes a record.</summary>
    private async Task<string> InTrialAsync()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Compression = CompressionKind.Zstd }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal((ConnectorTaskStatus.Running, false), (_bench.Live(id).Status, _bench.Get<TaskRoster>().Find(id)!.Former is null));
        return id;
    }

    /// <summary>As a server leaves a task that ran at <c>broker</c> and shall go to <c>other</c>.</summary>
    private async Task StoreWithAWayBackAsync(string id)
    {
        await _bench.AddOtherBrokerAsync();
        await StoreAsync(id, AskedState.Running);
        await _bench.WriteAsync(db =>
        {
            var row = db.ConnectorTasks.Single();
            (row.FormerSettings, row.Settings) = (row.Settings, row.Settings with { ConnectionId = "resource-cccccccc" });
            row.ConnectionId = row.Settings.ConnectionId;
        });
    }

    [Fact]
    public async Task FormerSettings_AreStoredUntilItComesUpWithWhatIsAsked()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "Not yet." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        Assert.Equal("resource-aaaaaaaa", (await _bench.RowAsync(id))!.FormerSettings!.ConnectionId);

        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Running });
        await PassAsync(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(async () => (await _bench.RowAsync(id))!.FormerSettings is null, "they are forgotten");
    }

    [Fact]
    public async Task FormerSettings_Paused_AreForgotten()
    {
        var id = await AfterWayBackAsync();
        Assert.NotNull((await _bench.RowAsync(id))!.FormerSettings);

        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);

        Assert.Null((await _bench.RowAsync(id))!.FormerSettings);
    }

    [Fact]
    public async Task FormerSettings_ConnectionThatOnlyTheyName_IsRemovedOnceTheyAreForgotten()
    {
        var id = await AfterWayBackAsync();
        var connections = _bench.Get<IConnectionService>();

        var refused = await connections.DeleteAsync("resource-aaaaaaaa", 1, Token);

        Assert.Equal(CommandOutcome.Refused, refused.Outcome);
        Assert.StartsWith($"gz-prod is used by 1 task: {Drafts.Valid.Name}.", refused.Text);

        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.SettleAsync(id);
        Assert.True((await connections.DeleteAsync("resource-aaaaaaaa", 1, Token)).IsAccepted);
    }

    private async Task<string> AfterWayBackAsync()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "Not authorised." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        await _bench.WentBackAsync(id);
        return id;
    }

    private Task AddOwedAsync(string id) => _bench.WriteAsync(db => db.Add(new OwedSession
    {
        TaskId = id,
        Settings = Drafts.Valid with { Clients = 9 },
        Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "old", 1883)],
        FirstClient = 8,
        Since = _bench.Time.GetUtcNow(),
        Cause = "It was not reached.",
        TriedAt = _bench.Time.GetUtcNow(),
    }));

    [Fact]
    public async Task GivenUp_FormerRunStoppedForGood_IsLeftToThePerson()
    {
        var id = await AfterWayBackAsync();
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Failed, NeedsYou = true, Cause = "Stopped by policy." });
        var calls = _bench.Supervisor.Calls.Count;
        await _bench.LookAsync();
        Assert.Equal(("broker", calls), (Host(id), _bench.Supervisor.Calls.Count));
    }

    [Fact]
    public async Task GivenUp_PausedAndResumedWhileTheQueueIsBusy_StartsWhatIsAsked()
    {
        var id = await AfterWayBackAsync();
        await AddOwedAsync(id);
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        _ = _bench.Get<TaskReconciler>().DrainOwedAsync(id);
        await Eventually.TrueAsync(() => _bench.Supervisor.Calls.Any(call => call.StartsWith("end-left")), "it drains");
        await _bench.Tasks.PauseAsync([id], Token);
        await _bench.Tasks.ResumeAsync([id], Token);
        drained.SetResult();
        await _bench.SettleAsync(id);
        await _bench.LookAsync();
        Assert.Equal("other", Host(id));
    }

    [Fact]
    public async Task Trial_CameUpLate_ForgetsTheFormerSettings()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.Endpoints[0].Host == "other" ? "Not yet." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { ConnectionId = "resource-cccccccc" }, Token);
        await _bench.SettleAsync(id);
        await AddOwedAsync(id);
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        _ = _bench.Get<TaskReconciler>().DrainOwedAsync(id);
        await Eventually.TrueAsync(() => _bench.Supervisor.Calls.Any(call => call.StartsWith("end-left")), "it drains");
        await PassAsync(TimeSpan.FromSeconds(50));

        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Running });
        drained.SetResult();
        _bench.Supervisor.Drained = Task.CompletedTask;
        await _bench.Get<TaskReconciler>().DrainOwedAsync(id);
        await PassAsync(TimeSpan.FromSeconds(5));

        var stale = _bench.Get<TaskRoster>().Find(id)!.Former;

        // Days later: a fault, and the broker is away for a while at the automatic restart.
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Recovering, Attempt = 1, AttemptsAllowed = 7 });
        Assert.Null(await _bench.Supervisor.Restart!(id, Token));
        await PassAsync(TimeSpan.FromSeconds(50));

        await _bench.SettleAsync(id);
        Assert.Equal((true, "other"), (stale is null, Host(id)));
    }

    [Fact]
    public async Task Trial_WayBackFailsOnce_IsMendedByTheNextLook()
    {
        await _bench.AddOtherBrokerAsync();
        var id = await _bench.CreateAsync();
        _bench.Supervisor.HoldsUp = spec => spec.Source.Group.Filters.Contains("secret/#") ? "Not authorised." : null;
        await _bench.Tasks.UpdateAsync(id, 1, Drafts.Valid with { Topics = ["secret/#"] }, Token);
        await _bench.SettleAsync(id);
        _bench.Supervisor.Drained = Task.FromException(new IOException("disk full"));
        await PassAsync(TimeSpan.FromSeconds(50));

        _bench.Supervisor.Drained = Task.CompletedTask;
        for (var round = 0; round < 4; round++)
        {
            await _bench.LookAsync();
            await PassAsync(TimeSpan.FromSeconds(50));
        }

        var entry = _bench.Get<TaskRoster>().Find(id)!;
        Assert.False(_bench.Supervisor.InMotion[id].Source.Group.Filters.Contains("secret/#"), $"{entry.Trouble?.Text} givenUp {entry.GivenUp is not null} former {entry.Former is not null}");
    }

    /// <summary>Moves the clock in steps, so that what waits for each of them has its turn.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        for (var until = _bench.Time.GetUtcNow() + time; _bench.Time.GetUtcNow() < until;)
        {
            _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(5, Token);
        }
    }

    private string Host(string id) => _bench.Supervisor.InMotion[id].Source.Broker.Endpoints[0].Host;

    private IOwedSessions Owed => _bench.Get<IOwedSessions>();

    private Task StoreAsync(string id, AskedState asked, bool deleting = false, int clients = 1) => _bench.WriteAsync(db => db.Add(new ConnectorTask
    {
        Id = id,
        Name = id,
        ConnectionId = Drafts.Valid.ConnectionId,
        KafkaInstanceId = Drafts.Valid.KafkaInstanceId,
        Settings = Drafts.Valid with { Name = id, Clients = clients },
        StartedSettings = Drafts.Valid with { Name = id },
        Asked = asked,
        DeletingSince = deleting ? _bench.Time.GetUtcNow() : null,
        CreatedBy = "t",
    }));
}
