using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Data;

public sealed class StorageWatchTests : IAsyncLifetime
{
    private readonly ProtectedDisk _disk = new();
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync(_disk);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Command_DiskTakesNothing_IsRefusedInWordsAndToldOnce()
    {
        var id = await _bench.CreateAsync();
        using var watch = _bench.Feed.WatchStorage();
        await using var told = watch.Changes.GetAsyncEnumerator(Token);
        _disk.IsProtected = true;

        var paused = await _bench.Tasks.PauseAsync([id], Token);
        var restarted = await _bench.Tasks.RestartAsync([id], Token);

        Assert.Equal((CommandOutcome.Refused, CommandOutcome.Refused), (paused.Outcome, restarted.Outcome));
        Assert.Contains("cannot be written", paused.Text);
        Assert.Contains("tasks go on", paused.Text);
        Assert.True(await told.MoveNextAsync());
        Assert.Equal((paused.Text, false), (Assert.Single(told.Current).Text, told.Current[0].IsOver));

        _disk.IsProtected = false;
        Assert.True((await _bench.Tasks.PauseAsync([id], Token)).IsAccepted);
        Assert.Null(_bench.Get<StorageWatch>().Trouble);
        var last = told.MoveNextAsync().AsTask();
        await TurnUntilAsync(() => Task.FromResult(last.IsCompleted), "the end is told");
        Assert.True(Assert.Single(told.Current).IsOver);
    }

    [Fact]
    public async Task Commit_OfSeveralSaves_OnAFullDisk_IsToldInWordsAndNotTakenForSuccess()
    {
        var id = await _bench.CreateAsync();
        var line = new TaskEventRow { TaskId = id, At = DateTimeOffset.UnixEpoch, Kind = "Notice", Text = "said" };
        _disk.IsFull = true;

        var told = await Assert.ThrowsAsync<StorageException>(() => _bench.Get<TaskEventLog>().AppendAsync([line], Token));

        Assert.Contains("is full", told.Message);
        Assert.Equal(told.Message, _bench.Get<StorageWatch>().Trouble?.Text);

        _disk.IsFull = false;
        await _bench.Get<TaskEventLog>().AppendAsync([new TaskEventRow { TaskId = id, At = DateTimeOffset.UnixEpoch, Kind = "Notice", Text = "said" }], Token);
        Assert.Equal("said", (await _bench.Tasks.EventsAsync(id, null, 1, Token))[0].Text);
    }

    [Fact]
    public async Task RunEnded_DiskTakesNothing_KeepsTheFinalBooksUntilItDoes()
    {
        var id = await _bench.CreateAsync();
        var recorder = _bench.Hosted<RecordFacts>();
        await recorder.StartAsync(Token);
        _bench.Supervisor.Show(id, photo => photo with { Books = new PipelineBooks(12, 12, 0, 0, 0, 0, 0, 0, 0) });
        await _bench.Hosted<StoreRunFigures>().StoreAsync(Token);
        Assert.True((await _bench.Tasks.PauseAsync([id], Token)).IsAccepted);
        _disk.IsProtected = true;
        await TurnUntilAsync(() => Task.FromResult(_bench.Get<StorageWatch>().Trouble is not null), "a save failed");
        Assert.Equal(RunEnd.Running, await _bench.ReadAsync(db => db.TaskRuns.Select(run => run.End).SingleAsync(Token)));

        _disk.IsProtected = false;

        await TurnUntilAsync(() => _bench.ReadAsync(db => db.TaskRuns.AnyAsync(run => run.End == RunEnd.Stop && run.Delivered == 12, Token)), "the final books are stored");
        await TurnUntilAsync(async () => (await _bench.Tasks.EventsAsync(id, null, 10, Token)).Any(line => line.Kind == "RunEnded"), "the line is stored");
    }

    [Theory]
    [InlineData(13, "is full")]
    [InlineData(8, "cannot be written")]
    [InlineData(10, "cannot be written")]
    [InlineData(5, "locked for too long")]
    [InlineData(11, "damaged")]
    [InlineData(19, null)]
    public void Words_OfADiskError_NameCauseAndWhatToDo(int code, string? part)
    {
        var words = StorageWords.Of(new SqliteException("said by SQLite", code), "/data");

        Assert.Equal(part is not null, words?.Contains(part!, StringComparison.Ordinal) == true);
    }

    private Task TurnUntilAsync(Func<Task<bool>> condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            _bench.Time.Advance(TimeSpan.FromSeconds(1));
            return await condition();
        },
        what);

    /// <summary>A disk that can be protected from writing, or full: then a commit fails, and not what leads to it.</summary>
    private sealed class ProtectedDisk : DbConnectionInterceptor, IDbTransactionInterceptor
    {
        public volatile bool IsProtected;
        public volatile bool IsFull;

        public ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            IsFull ? throw new SqliteException("database or disk is full", 13) : ValueTask.FromResult(result);

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"PRAGMA query_only = {(IsProtected ? 1 : 0)}";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
