using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Server.Data.Entities;
using Portal.Server.Operations;
using Portal.Server.Security;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Operations;

public sealed class RollingRestartTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Restart_Several_RestartsEachOnceInOrderAndSucceeds()
    {
        var ids = await TasksAsync(3);
        using var watch = _bench.Feed.WatchOperations();
        var result = await _bench.Tasks.RestartAsync(ids, Token);
        var ended = await EndedAsync(result.OperationId!);

        Assert.Equal(OperationState.Succeeded, ended.State);
        Assert.Equal(ids.Select(id => $"restart {id}"), Restarts());
        Assert.All(ended.Items, item => Assert.Equal((OperationState.Succeeded, true), (item.State, item.Took is not null)));
        Assert.Equal(ended.Id, Assert.Single(await watch.Changes.FirstAsync(Token)).Id);
    }

    [Fact]
    public async Task Restart_NextTask_WaitsUntilTheOneBeforeRuns()
    {
        var ids = await TasksAsync(2);
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Starting;
        var result = await _bench.Tasks.RestartAsync(ids, Token);
        await Eventually.TrueAsync(() => _bench.Supervisor.Find(ids[0])?.Status == PipelineStatus.Starting, "the first is started anew");
        _bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(Restarts());

        _bench.Supervisor.StatusAfterStart = PipelineStatus.Running;
        _bench.Supervisor.Show(ids[0], photo => photo with { Status = PipelineStatus.Degraded, Cause = "1 of 2 clients." });
        var ended = await EndedAsync(result.OperationId!);

        Assert.Equal("Runs, but degraded: 1 of 2 clients.", ended.Items[0].Text);
        Assert.Equal(OperationState.Succeeded, ended.Items[1].State);
    }

    [Fact]
    public async Task Restart_ThreeFail_StopsAndLeavesTheRestAlone()
    {
        var ids = await TasksAsync(5);
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Failed;
        var result = await _bench.Tasks.RestartAsync(ids, Token);
        var stopped = await EndedAsync(result.OperationId!);

        Assert.Equal(OperationState.Paused, stopped.State);
        Assert.Contains("the other 2 tasks are left", stopped.Text);
        Assert.Equal(3, Restarts().Count);
        Assert.Equal(
            [OperationState.Failed, OperationState.Failed, OperationState.Failed, OperationState.Waiting, OperationState.Waiting],
            stopped.Items.Select(item => item.State));
    }

    [Fact]
    public async Task Retry_AfterFailures_RunsWhatIsLeftAndSucceeds()
    {
        var ids = await TasksAsync(4);
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Failed;
        var id = (await _bench.Tasks.RestartAsync(ids, Token)).OperationId!;
        await EndedAsync(id);
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Running;
        Assert.True((await _bench.Operations.RetryAsync(id, Token)).IsAccepted);
        await Eventually.TrueAsync(() => _bench.Feed.Operations.Find(id)!.State == OperationState.Succeeded, "all restarted");

        Assert.Equal(CommandOutcome.Refused, (await _bench.Operations.RetryAsync(id, Token)).Outcome);
        Assert.Equal(7, Restarts().Count);
    }

    [Fact]
    public async Task Retry_FailedAndCancelled_EachTakesOnlyItsOwn()
    {
        var ids = await TasksAsync(3);
        await _bench.WriteAsync(db => db.Add(new OperationRow
        {
            Id = "op-mixed001",
            Kind = OperationKind.RestartTasks,
            Title = "Restart",
            StartedBy = _bench.Actor.Who!.Name,
            StartedById = _bench.Actor.Who!.UserId,
            State = OperationState.Failed,
            StartedAt = _bench.Time.GetUtcNow(),
            EndedAt = _bench.Time.GetUtcNow(),
            Items =
            [
                new OperationItemRow { Position = 0, TargetId = ids[0], TargetName = "a", State = OperationState.Succeeded },
                new OperationItemRow { Position = 1, TargetId = ids[1], TargetName = "b", State = OperationState.Failed },
                new OperationItemRow { Position = 2, TargetId = ids[2], TargetName = "c", State = OperationState.Cancelled },
            ],
        }));

        Assert.True((await _bench.Operations.RetryAsync("op-mixed001", Token)).IsAccepted);
        var retried = await EndedAsync("op-mixed001");
        Assert.Equal([OperationState.Succeeded, OperationState.Succeeded, OperationState.Cancelled], retried.Items.Select(item => item.State));
        Assert.Equal([$"restart {ids[1]}"], Restarts());
        Assert.Equal("No item has failed; there is nothing to retry.", (await _bench.Operations.RetryAsync("op-mixed001", Token)).Text);

        Assert.True((await _bench.Operations.RetryCancelledAsync("op-mixed001", Token)).IsAccepted);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync("op-mixed001")).State);
        Assert.Equal([$"restart {ids[1]}", $"restart {ids[2]}"], Restarts());
        Assert.Equal(CommandOutcome.Refused, (await _bench.Operations.RetryCancelledAsync("op-mixed001", Token)).Outcome);
        Assert.Equal(
            ["retry", "retry cancelled items of"],
            await _bench.ReadAsync(db => db.AuditEntries.Where(entry => entry.ObjectId == "op-mixed001").OrderBy(entry => entry.Id).Select(entry => entry.Action).ToListAsync(Token)));
    }

    [Fact]
    public async Task List_Pages_HaveEachOnceNewestFirst()
    {
        var began = _bench.Time.GetUtcNow();
        await _bench.WriteAsync(db => db.AddRange(Enumerable.Range(0, 45).Select(number => new OperationRow
        {
            Id = $"op-page{number:0000}",
            Title = "Restart",
            StartedBy = "anna",
            State = OperationState.Succeeded,
            // In threes at the same instant.
            StartedAt = began.AddMinutes(number / 3),
            EndedAt = began.AddHours(1),
            Items = [new OperationItemRow { Position = 0, TargetId = "task-a", TargetName = "a", State = OperationState.Succeeded }],
        })));

        var pages = new List<ListPage<OperationView>>();
        for (var page = 1; page <= 4; page++)
        {
            pages.Add(await _bench.Operations.ListAsync(new ListQuery { Page = page }, Token));
        }

        Assert.Equal([20, 20, 5, 0], pages.Select(page => page.Items.Count));
        Assert.All(pages, page => Assert.Equal(45, page.Total));
        Assert.Equal(Enumerable.Range(0, 45).Reverse().Select(number => $"op-page{number:0000}"), pages.SelectMany(page => page.Items).Select(operation => operation.Id));
        Assert.All(pages.SelectMany(page => page.Items), operation => Assert.Equal(1, operation.Counts.Succeeded));
        Assert.Empty((await _bench.Operations.ListAsync(new ListQuery { Page = int.MaxValue }, Token)).Items);
    }

    [Fact]
    public async Task Restart_NeverRuns_FailsInWordsAfterTheTimeLimit()
    {
        var ids = await TasksAsync(2);
        _bench.Supervisor.StatusAfterStart = PipelineStatus.Recovering;
        var id = (await _bench.Tasks.RestartAsync(ids, Token)).OperationId!;
        await Eventually.TrueAsync(() => _bench.Supervisor.Find(ids[0])?.Status == PipelineStatus.Recovering, "the first is started anew");
        _bench.Supervisor.Show(ids[0], photo => photo with { Cause = "broker:1883 refused the connection." });
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromSeconds(10));
                return _bench.Feed.Operations.Find(id)!.Items[0].State == OperationState.Failed;
            },
            "given up");

        Assert.Contains("Not running after 60 s: broker:1883 refused the connection.", _bench.Feed.Operations.Find(id)!.Items[0].Text);
    }

    [Fact]
    public async Task Restart_GoesBackToItsFormerSettings_FailsAndSaysSo()
    {
        var ids = await TasksAsync(2);
        await _bench.WriteAsync(db =>
        {
            var row = db.Connections.Single(one => one.Id == "resource-aaaaaaaa");
            (row.UserName, row.Revision) = ("changed", row.Revision + 1);
        });
        _bench.Supervisor.HoldsUp = spec => spec.Source.Broker.UserName == "changed" ? "Not authorised." : null;
        var id = (await _bench.Tasks.RestartAsync(ids, Token)).OperationId!;
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
                return _bench.Feed.Operations.Find(id)!.Items[0].State == OperationState.Failed;
            },
            "given up");

        Assert.StartsWith("It went back to its former settings", _bench.Feed.Operations.Find(id)!.Items[0].Text);
        await Eventually.TrueAsync(() => _bench.Supervisor.InMotion[ids[0]].Source.Broker.UserName is null, "the former settings are in motion");
    }

    [Fact]
    public async Task Restart_RefusedAfterAnotherChangeStartedTheTaskAnew_Fails()
    {
        var ids = await TasksAsync(2);
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        await _bench.Tasks.UpdateAsync(ids[0], 1, Drafts.Valid with { Name = "task-0", Clients = 2 }, Token);
        await Eventually.TrueAsync(() => _bench.Supervisor.Applied.Last().Clients.Count == 2, "the change is under way");
        var id = (await _bench.Tasks.RestartAsync(ids, Token)).OperationId!;
        await Eventually.TrueAsync(() => _bench.Live(ids[0]).Status == ConnectorTaskStatus.Restarting, "the restart is asked");
        _bench.Supervisor.RefuseWith = [new SpecError("Filter", "The filter makes no sense.")];
        drained.SetResult();
        var ended = await EndedAsync(id);

        Assert.Equal(OperationState.Failed, ended.Items[0].State);
        Assert.Contains("makes no sense", ended.Items[0].Text);
    }

    [Fact]
    public async Task Cancel_UnderWay_FinishesTheItemAndGivesUpTheRest()
    {
        var ids = await TasksAsync(3);
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        var id = (await _bench.Tasks.RestartAsync(ids, Token)).OperationId!;
        await Eventually.TrueAsync(() => Restarts().Count == 1, "the first is under way");
        Assert.True((await _bench.Operations.CancelAsync(id, Token)).IsAccepted);
        drained.SetResult();
        var ended = await EndedAsync(id);

        Assert.Equal(OperationState.Cancelled, ended.State);
        Assert.Equal([OperationState.Succeeded, OperationState.Cancelled, OperationState.Cancelled], ended.Items.Select(item => item.State));
        Assert.Single(Restarts());
    }

    [Fact]
    public async Task Restart_PausedOrDeletedMeanwhile_IsPassedOver()
    {
        var ids = await TasksAsync(3);
        await _bench.Tasks.PauseAsync([ids[1]], Token);
        var id = (await _bench.Get<IRollingRestart>().StartAsync("Restart", [.. ids, "task-unknown1"], "anna", Token))!;
        var ended = await EndedAsync(id);

        Assert.Equal([OperationState.Succeeded, OperationState.Cancelled, OperationState.Succeeded], ended.Items.Select(item => item.State));
        Assert.Contains("Paused meanwhile", ended.Items[1].Text);
        Assert.Equal((OperationState.Cancelled, "1 of 3 left out."), (ended.State, ended.Text));
    }

    [Fact]
    public async Task Start_NothingToRestart_IsNoOperation() =>
        Assert.Null(await _bench.Get<IRollingRestart>().StartAsync("Restart", [], "anna", Token));

    [Fact]
    public async Task ServerRestart_InTheMiddle_TakesItUpAndOnlyVerifies()
    {
        var ids = await TasksAsync(2);
        await _bench.WriteAsync(db => db.Add(new OperationRow
        {
            Id = "op-halfway1",
            Title = "Restart 2 tasks",
            State = OperationState.Running,
            StartedBy = "anna",
            StartedAt = _bench.Time.GetUtcNow(),
            Items =
            [
                new OperationItemRow { Position = 0, TargetId = ids[0], TargetName = "a", State = OperationState.Running },
                new OperationItemRow { Position = 1, TargetId = ids[1], TargetName = "b" },
            ],
        }));
        await _bench.Hosted<RunOperations>().StartAsync(Token);
        var ended = await EndedAsync("op-halfway1");

        Assert.Equal(OperationState.Succeeded, ended.State);
        Assert.Empty(Restarts());
    }

    [Fact]
    public async Task ServerRestart_AfterACancel_StaysCancelled()
    {
        var ids = await TasksAsync(2);
        await _bench.WriteAsync(db => db.Add(new OperationRow
        {
            Id = "op-halfway2",
            Title = "Restart 2 tasks",
            State = OperationState.Running,
            Text = "Cancelled by a person.",
            StartedBy = "anna",
            StartedAt = _bench.Time.GetUtcNow(),
            Items =
            [
                new OperationItemRow { Position = 0, TargetId = ids[0], TargetName = "a", State = OperationState.Running },
                new OperationItemRow { Position = 1, TargetId = ids[1], TargetName = "b", State = OperationState.Cancelled },
            ],
        }));
        await _bench.Hosted<RunOperations>().StartAsync(Token);
        var ended = await EndedAsync("op-halfway2");

        Assert.Equal((OperationState.Cancelled, "Cancelled by a person."), (ended.State, ended.Text));
    }

    [Fact]
    public async Task ServerRestart_PausedInTheMiddleOfTheLastItem_CanBeGoneOnWithOrCancelled()
    {
        var ids = await TasksAsync(2);
        await _bench.WriteAsync(db => db.AddRange(new[] { "op-halfway3", "op-halfway4" }.Select(id => new OperationRow
        {
            Id = id,
            Kind = OperationKind.RestartTasks,
            Title = "Restart 2 tasks",
            State = OperationState.Paused,
            Text = "Paused by a person with 0 left.",
            StartedBy = _bench.Actor.Who!.Name,
            StartedById = _bench.Actor.Who!.UserId,
            StartedAt = _bench.Time.GetUtcNow(),
            Items =
            [
                new OperationItemRow { Position = 0, TargetId = ids[0], TargetName = "a", State = OperationState.Succeeded },
                new OperationItemRow { Position = 1, TargetId = ids[1], TargetName = "b", State = OperationState.Running },
            ],
        })));
        await _bench.Hosted<RunOperations>().StartAsync(Token);
        await Eventually.TrueAsync(() => _bench.Feed.Operations.Find("op-halfway4")?.Counts.Waiting == 1, "nobody works on it any more");

        var left = (await _bench.Operations.FindAsync("op-halfway3", Token))!;
        Assert.Equal((OperationState.Paused, 1, 0), (left.State, left.Counts.Waiting, left.Counts.Running));
        Assert.Equal("The server was started anew in the middle of it. Go on with the rest, or cancel it.", left.Text);
        Assert.Empty(Restarts());
        Assert.True((await _bench.Operations.ContinueAsync("op-halfway3", Token)).IsAccepted);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync("op-halfway3")).State);
        Assert.Equal([$"restart {ids[1]}"], Restarts());
        Assert.True((await _bench.Operations.CancelAsync("op-halfway4", Token)).IsAccepted);
        Assert.Equal(
            [OperationState.Succeeded, OperationState.Cancelled],
            (await _bench.Operations.FindAsync("op-halfway4", Token))!.Items.Select(item => item.State));
    }

    [Fact]
    public async Task EveryChange_WithoutTheRole_IsForbidden()
    {
        var ids = await TasksAsync(2);
        var id = (await _bench.Tasks.RestartAsync(ids, Token)).OperationId!;
        await EndedAsync(id);
        _bench.Actor.Who = new Actor("vera", "no-such-user");

        Assert.Equal(CommandOutcome.Forbidden, (await _bench.Operations.RetryAsync(id, Token)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await _bench.Operations.CancelAsync(id, Token)).Outcome);
        Assert.Equal([id], (await _bench.Operations.ListAsync(new ListQuery(), Token)).Items.Select(operation => operation.Id));
        Assert.Equal(2, await _bench.ReadAsync(db => db.AuditEntries.CountAsync(entry => entry.ObjectId == id && entry.Result == "denied", Token)));
    }

    private async Task<IReadOnlyList<string>> TasksAsync(int count)
    {
        var ids = new List<string>();
        for (var number = 0; number < count; number++)
        {
            ids.Add(await _bench.CreateAsync(Drafts.Valid with { Name = $"task-{number}" }));
        }

        return ids;
    }

    private List<string> Restarts() => [.. _bench.Supervisor.Calls.Where(call => call.StartsWith("restart", StringComparison.Ordinal))];

    private async Task<OperationView> EndedAsync(string id)
    {
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
                return _bench.Feed.Operations.Find(id)?.State is not (null or OperationState.Waiting or OperationState.Running);
            },
            $"{id} ends");
        return (await _bench.Operations.FindAsync(id, Token))!;
    }
}
