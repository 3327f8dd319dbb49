using Microsoft.EntityFrameworkCore;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.Data.Entities;

namespace Portal.Tests.Server.ConnectorTasks.Runs;

public sealed class TaskRunStoreTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private string _id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TaskRunStore Runs => _bench.Get<TaskRunStore>();

    public async ValueTask InitializeAsync()
    {
        _bench = await TaskBench.StartAsync();
        _id = await _bench.CreateAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task CloseAfterCrash_OpenRun_IsEndedWhenItsFiguresWereStoredAndBalances()
    {
        Show(received: 50, delivered: 43, open: 7);
        await _bench.Hosted<StoreRunFigures>().StoreAsync(Token);
        var stored = _bench.Time.GetUtcNow();
        _bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Runs.CloseAfterCrashAsync(Token));

        var run = await RunAsync();
        Assert.Equal((RunEnd.Crash, stored, 7L, 0L), (run.End, run.EndedAt!.Value, run.Abandoned, run.Open));
        Assert.Equal(0, (await Runs.SumsAsync(Token))[_id].Unaccounted);
        Assert.Contains("12:00:00 UTC", (await _bench.Tasks.EventsAsync(_id, null, 1, Token))[0].Text);
        Assert.Equal(0, await Runs.CloseAfterCrashAsync(Token));
    }

    [Fact]
    public async Task Close_Final_IsNotOverwrittenByAPhotoThatComesLate()
    {
        Show(received: 50, delivered: 43, open: 7);
        var late = _bench.Supervisor.Find(_id)!;
        await Runs.StoreAsync([late], Token);
        await Runs.CloseAsync([late with { Books = new PipelineBooks(60, 60, 0, 0, 0, 0, 0, 0, 0) }], Token);
        await Runs.StoreAsync([late], Token);

        var run = await RunAsync();
        Assert.Equal((RunEnd.Stop, 60L, 0L), (run.End, run.Received, run.Open));
    }

    [Fact]
    public async Task Store_TaskDeletedMeanwhile_IsLeftOut()
    {
        var photo = _bench.Supervisor.Find(_id)!;
        await Runs.StoreAsync([photo with { Id = "task-unknown1" }], Token);

        Assert.Equal(0, await _bench.ReadAsync(db => db.TaskRuns.CountAsync(Token)));
    }

    [Fact]
    public async Task Load_AfterTheNextStart_ShowsTheSumOfAllRuns()
    {
        for (var number = 0; number < 3; number++)
        {
            await Runs.CloseAsync([_bench.Supervisor.Find(_id)! with { RunId = Guid.NewGuid(), Books = new PipelineBooks(10, 9, 1, 0, 0, 0, 0, 0, 0) }], Token);
        }

        _bench.Feed.Tasks.Remove(_id);
        _bench.Get<Portal.Server.Live.Roster.TaskRoster>().Remove(_id);
        await _bench.Hosted<LoadTasks>().StartAsync(Token);

        Assert.Equal((30, 27, 3), (_bench.Live(_id).Books.Received, _bench.Live(_id).Books.Delivered, _bench.Live(_id).Books.DeadLettered));
    }

    private void Show(long received, long delivered, long open) =>
        _bench.Supervisor.Show(_id, photo => photo with { Books = new PipelineBooks(received, delivered, 0, 0, 0, 0, 0, open, 0) });

    private Task<TaskRun> RunAsync() => _bench.ReadAsync(db => db.TaskRuns.AsNoTracking().SingleAsync(Token));
}
