using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Data.Entities;
using Portal.Server.History;

namespace Portal.Tests.Server.ConnectorTasks.Events;

public sealed class RecordFactsTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private string _id = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await TaskBench.StartAsync();
        _id = await _bench.CreateAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Facts_OfAnEndedRun_BecomeFinalBooksAndLinesOfTheLog()
    {
        var recorder = _bench.Hosted<RecordFacts>();
        await recorder.StartAsync(Token);
        _bench.Supervisor.Show(_id, photo => photo with { Books = new PipelineBooks(12, 12, 0, 0, 0, 0, 0, 0, 0) });
        await _bench.Tasks.PauseAsync([_id], Token);
        await Eventually.TrueAsync(
            async () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(500));
                return await _bench.ReadAsync(db => db.TaskRuns.AnyAsync(run => run.End == RunEnd.Stop && run.Delivered == 12, Token));
            },
            "the final books are stored");

        Assert.Contains(await _bench.Tasks.EventsAsync(_id, null, 10, Token), line => line.Kind == "RunEnded");
        Assert.Equal(12, _bench.Live(_id).Books.Delivered);
    }

    [Fact]
    public async Task Stop_WithFactsUnwritten_WritesThemFirst()
    {
        var recorder = _bench.Hosted<RecordFacts>();
        await recorder.StartAsync(Token);
        _bench.Supervisor.Tell(Fact("one of the last words"));
        await _bench.Supervisor.DisposeAsync();
        var stopped = recorder.StopAsync(Token);
        await Eventually.TrueAsync(
            () =>
            {
                _bench.Time.Advance(TimeSpan.FromMilliseconds(500));
                return stopped.IsCompleted;
            },
            "stopped");

        Assert.Equal(["The run ended.", "one of the last words"], (await _bench.Tasks.EventsAsync(_id, null, 2, Token)).Select(line => line.Text));
        Assert.Equal(RunEnd.Stop, await _bench.ReadAsync(db => db.TaskRuns.Select(run => run.End).SingleAsync(Token)));
    }

    [Fact]
    public void Of_AStormThatSaysTheSame_IsOneLine()
    {
        var lines = TaskEvents.Of([.. Enumerable.Repeat(Fact("The session was lost."), 40), Fact("The broker is back.")]);

        Assert.Equal(["The session was lost. (40 times)", "The broker is back."], lines.Select(line => line.Text));
        Assert.All(lines, line => Assert.Equal(EventSeverity.Warning, line.Severity));
    }

    [Fact]
    public async Task Append_MoreThanIsKept_PrunesTheOldestOfThisTaskOnly()
    {
        var other = await _bench.CreateAsync(Drafts.Valid with { Name = "other" });
        var log = _bench.Get<TaskEventLog>();
        for (var batch = 0; batch < 6; batch++)
        {
            await log.AppendAsync([.. Enumerable.Range(0, 200).Select(number => TaskEvents.ByItself(_id, _bench.Time.GetUtcNow(), EventSeverity.Info, $"{batch}/{number}"))], Token);
        }

        Assert.Equal(new RetentionOptions().EventsPerTask, await _bench.ReadAsync(db => db.TaskEvents.CountAsync(line => line.TaskId == _id, Token)));
        Assert.Equal("5/199", (await log.ReadAsync(_id, null, 1, Token))[0].Text);
        Assert.NotEmpty(await log.ReadAsync(other, null, 1, Token));
    }

    private PipelineFact Fact(string text) => new(_id, _bench.Time.GetUtcNow(), PipelineFactKind.Session, FactSeverity.Warning, text);
}
