using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Operations.Items;
using Portal.Server.Security;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Operations;

public sealed class BulkServiceTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IBulkService Bulk => _bench.Get<IBulkService>();

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Review_Filter_CountsNamesAndSaysWhatIsLeftOut()
    {
        await TasksAsync("line-", 25);
        await _bench.CreateAsync(Drafts.Valid with { Name = "line-paused" }, paused: true);
        await _bench.CreateAsync(Drafts.Valid with { Name = "other" });

        var review = await Bulk.ReviewTasksAsync(BulkAction.Pause, BulkSelection.Matching(new ListQuery { Search = "line" }), Token);

        Assert.Equal((25, 20, 25), (review.Count, review.Names.Count, review.Ids.Distinct().Count()));
        Assert.Equal(review.Names.Order(StringComparer.OrdinalIgnoreCase), review.Names);
        var excluded = Assert.Single(review.Excluded);
        Assert.Equal(("paused already", 1), (excluded.Reason, excluded.Count));
        Assert.Equal(["line-paused"], excluded.Names);
    }

    [Fact]
    public async Task Run_Filter_IsEvaluatedWhenItIsOrdered()
    {
        await TasksAsync("line-", 2);
        var selection = BulkSelection.Matching(new ListQuery { Search = "line", Status = ["running"] });
        Assert.Equal(2, (await Bulk.ReviewTasksAsync(BulkAction.Pause, selection, Token)).Count);
        await _bench.CreateAsync(Drafts.Valid with { Name = "line-late" });

        var ended = await EndedAsync((await Bulk.RunTasksAsync(BulkAction.Pause, selection, Token)).OperationId!);

        Assert.Equal((OperationState.Succeeded, "Pause 3 tasks"), (ended.State, ended.Title));
        Assert.All(await AskedAsync(), asked => Assert.Equal(AskedState.Paused, asked));
    }

    [Fact]
    public async Task Resume_Many_BringsUpNoMoreThanSixteenAtOnce()
    {
        for (var number = 0; number < 40; number++)
        {
            await _bench.CreateAsync(Drafts.Valid with { Name = $"line-{number}" }, paused: true);
        }

        _bench.Supervisor.StatusAfterStart = PipelineStatus.Starting;
        var id = (await Bulk.RunTasksAsync(BulkAction.Resume, BulkSelection.Matching(new ListQuery()), Token)).OperationId!;
        await Eventually.TrueAsync(() => _bench.Supervisor.Applied.Count == 16, "sixteen are brought up");
        _bench.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((16, 24), (_bench.Feed.Operations.Find(id)!.Counts.Running, _bench.Feed.Operations.Find(id)!.Counts.Waiting));
        Assert.Equal(16, _bench.Supervisor.Applied.Count);
    }

    [Fact]
    public async Task Resume_OfAFailedTask_IsNotJudgedByTheOldRun()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = "line" });
        _bench.Supervisor.Show(id, photo => photo with { Status = PipelineStatus.Failed, NeedsYou = true, Cause = "Stopped." });

        var resumed = _bench.Get<TaskChanges>().ResumeAsync(id, _bench.Actor.Who!, Token);
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
                return resumed.IsCompleted;
            },
            "it is judged");

        Assert.Equal(new ItemResult(OperationState.Succeeded, null), await resumed);
    }

    [Fact]
    public async Task Clients_OfAFilter_AreReviewedAndDisconnectedOneByOne()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = "line", Clients = 3 });
        _bench.Supervisor.Show(id, photo => photo with { Clients = [photo.Clients[0], photo.Clients[1] with { Status = TaskClientStatus.Waiting }, photo.Clients[2] with { CleanSession = true }] });
        var selection = BulkSelection.Matching(new ListQuery { TaskId = id });

        var review = await Bulk.ReviewClientsAsync(BulkAction.Disconnect, selection, Token);
        Assert.Equal([$"{id}-0", $"{id}-2"], review.Ids);
        Assert.Equal(("not connected now", 1, 1), (Assert.Single(review.Excluded).Reason, review.Excluded[0].Count, review.Losing));
        var ended = await EndedAsync((await Bulk.RunClientsAsync(BulkAction.Disconnect, selection, Token)).OperationId!);

        Assert.Equal((OperationState.Succeeded, "Disconnect 2 clients"), (ended.State, ended.Title));
        Assert.Equal([$"disconnect {id}-0", $"disconnect {id}-2"], _bench.Supervisor.Calls.Where(call => call.StartsWith("disconnect", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Clients_DeleteSession_LeavesOutWhoHasNoneAndTellsWhichFailed()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = "line", Clients = 2 });
        _bench.Supervisor.Show(id, photo => photo with { Clients = [photo.Clients[0], photo.Clients[1] with { CleanSession = true }] });
        _bench.Supervisor.EndSessionFailure = "It lost its connection meanwhile.";
        var selection = BulkSelection.Of([$"{id}-0", $"{id}-1"]);

        var review = await Bulk.ReviewClientsAsync(BulkAction.DeleteSession, selection, Token);
        Assert.Equal([$"{id}-0"], review.Ids);
        Assert.Equal(1, review.Losing);
        Assert.Contains("to disconnect them is enough", Assert.Single(review.Excluded).Reason);
        var ended = await EndedAsync((await Bulk.RunClientsAsync(BulkAction.DeleteSession, selection, Token)).OperationId!);

        Assert.Equal((OperationState.Failed, "Disconnect 1 client and delete its session"), (ended.State, ended.Title));
        Assert.Contains("It lost its connection meanwhile.", ended.Items[0].Text);
    }

    [Fact]
    public async Task Delete_Many_WaitsUntilTheyAreGone()
    {
        await TasksAsync("line-", 3);

        var ended = await EndedAsync((await Bulk.RunTasksAsync(BulkAction.Delete, BulkSelection.Matching(new ListQuery()), Token)).OperationId!);

        Assert.Equal(OperationState.Succeeded, ended.State);
        Assert.Equal(0, await _bench.ReadAsync(db => db.ConnectorTasks.CountAsync(Token)));
    }

    [Fact]
    public async Task Restart_Many_RestartsEachOnce()
    {
        var ids = await TasksAsync("line-", 2);

        await EndedAsync((await Bulk.RunTasksAsync(BulkAction.Restart, BulkSelection.Of(ids), Token)).OperationId!);

        Assert.Equal(ids.Order(), _bench.Supervisor.Calls.Where(call => call.StartsWith("restart", StringComparison.Ordinal)).Select(call => call[8..]).Order());
    }

    [Fact]
    public async Task Run_NothingLeftToDo_IsRefusedInWords()
    {
        var id = await _bench.CreateAsync(paused: true);

        var result = await Bulk.RunTasksAsync(BulkAction.Pause, BulkSelection.Of([id]), Token);

        Assert.Equal(CommandOutcome.Refused, result.Outcome);
        Assert.Contains("No task is left to pause", result.Text);
    }

    [Fact]
    public async Task WrongInput_IsRefusedByReviewAndOrderAlike_WithAllThatIsWrong()
    {
        var some = BulkSelection.Of(["a"]);
        var errors = new List<string>();
        foreach (var (review, order) in new[]
        {
            (await Bulk.ReviewTasksAsync(BulkAction.Test, some, Token), await Bulk.RunTasksAsync(BulkAction.Test, some, Token)),
            (await Bulk.ReviewConnectionsAsync(BulkAction.Pause, some, Token), await Bulk.RunConnectionsAsync(BulkAction.Pause, some, Token)),
            (await Bulk.ReviewClientsAsync(BulkAction.Delete, some, Token), await Bulk.RunClientsAsync(BulkAction.Delete, some, Token)),
            (await Bulk.ReviewTasksAsync(BulkAction.Pause, new BulkSelection(), Token), await Bulk.RunTasksAsync(BulkAction.Pause, new BulkSelection(), Token)),
            (await Bulk.ReviewClientsAsync(BulkAction.Pause, BulkSelection.Of([]), Token), await Bulk.RunClientsAsync(BulkAction.Pause, BulkSelection.Of([]), Token)),
        })
        {
            Assert.Equal((0, CommandOutcome.Invalid), (review.Count, order.Outcome));
            Assert.Equal(order.Errors, review.Refusal!.Errors);
            errors.Add(string.Join(" ", order.Errors.Select(error => error.Text)));
        }

        Assert.Equal(
            [
                "There is no action Test for tasks; there is Pause, Resume, Restart, Delete.",
                "There is no action Pause for connections; there is Test, Delete.",
                "There is no action Delete for clients; there is Disconnect, DeleteSession.",
                "Say which: give either ids or a query.",
                "There is no action Pause for clients; there is Disconnect, DeleteSession. Name at least one.",
            ],
            errors);
    }

    [Fact]
    public async Task Run_WithoutTheRole_IsForbidden()
    {
        var ids = await TasksAsync("line-", 2);
        _bench.Actor.Who = new Actor("vera", "no-such-user");

        Assert.Equal(CommandOutcome.Forbidden, (await Bulk.RunTasksAsync(BulkAction.Pause, BulkSelection.Of(ids), Token)).Outcome);
        Assert.Equal(CommandOutcome.Forbidden, (await Bulk.RunConnectionsAsync(BulkAction.Delete, BulkSelection.Of(["resource-aaaaaaaa"]), Token)).Outcome);
    }

    [Fact]
    public async Task DeleteConnections_UsedOnes_AreLeftOutAndTheRestGoes()
    {
        await TasksAsync("line-", 1);

        var selection = BulkSelection.Matching(new ListQuery());
        var review = await Bulk.ReviewConnectionsAsync(BulkAction.Delete, selection, Token);
        await EndedAsync((await Bulk.RunConnectionsAsync(BulkAction.Delete, selection, Token)).OperationId!);

        Assert.Equal((1, "used by tasks"), (review.Count, Assert.Single(review.Excluded).Reason));
        Assert.Equal(["resource-aaaaaaaa"], await _bench.ReadAsync(db => db.Connections.Select(row => row.Id).ToListAsync(Token)));
    }

    [Fact]
    public async Task PauseOperation_UnderWay_FinishesTheItemAndGoesOnLater()
    {
        var ids = await TasksAsync("line-", 3);
        var drained = new TaskCompletionSource();
        _bench.Supervisor.Drained = drained.Task;
        var id = (await Bulk.RunTasksAsync(BulkAction.Restart, BulkSelection.Of(ids), Token)).OperationId!;
        await Eventually.TrueAsync(() => _bench.Feed.Operations.Find(id)!.Counts.Running == 1, "the first is under way");
        Assert.True((await _bench.Operations.PauseAsync(id, Token)).IsAccepted);
        drained.SetResult();
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
                return _bench.Feed.Operations.Find(id)!.Counts is { Running: 0, Succeeded: 1 };
            },
            "the first has ended");

        var paused = _bench.Feed.Operations.Find(id)!;
        Assert.Equal((OperationState.Paused, 2), (paused.State, paused.Counts.Waiting));
        Assert.Equal(CommandOutcome.Refused, (await _bench.Operations.PauseAsync(id, Token)).Outcome);

        Assert.True((await _bench.Operations.ContinueAsync(id, Token)).IsAccepted);
        Assert.Equal(OperationState.Succeeded, (await EndedAsync(id, OperationState.Paused)).State);
    }

    [Fact]
    public async Task ManyItems_EachStep_WritesItsOwnRowAndKeepsTheCounts()
    {
        const int Many = 400;
        await _bench.WriteAsync(db => db.AddRange(Enumerable.Range(0, Many).Select(number => new Portal.Server.Data.Entities.Connection
        {
            Id = $"resource-{number:x8}",
            Name = $"spare {number}",
            MqttClusterId = "mqtt-aaaaaaaa",
            CreatedBy = "t",
        })));

        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var id = (await Bulk.RunConnectionsAsync(BulkAction.Delete, BulkSelection.Matching(new ListQuery()), Token)).OperationId!;
        var ended = await EndedAsync(id);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Many} items in {System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        Assert.Equal((OperationState.Succeeded, Many + 2), (ended.State, ended.Counts.Succeeded));
        Assert.Equal(ended.Counts, OperationCounts.Of(ended.Items));
    }

    private async Task<IReadOnlyList<string>> TasksAsync(string prefix, int count)
    {
        var ids = new List<string>();
        for (var number = 0; number < count; number++)
        {
            ids.Add(await _bench.CreateAsync(Drafts.Valid with { Name = $"{prefix}{number}" }));
        }

        return ids;
    }

    private Task<List<AskedState>> AskedAsync() => _bench.ReadAsync(db => db.ConnectorTasks.Select(task => task.Asked).ToListAsync(Token));

    private async Task<OperationView> EndedAsync(string id, OperationState before = OperationState.Waiting)
    {
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(250));
                return _bench.Feed.Operations.Find(id)?.State is { } state && state != before && state is not (OperationState.Waiting or OperationState.Running);
            },
            $"{id} ends");
        return (await _bench.Operations.FindAsync(id, Token))!;
    }
}
