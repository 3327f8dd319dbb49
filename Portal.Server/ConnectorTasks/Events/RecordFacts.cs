using System.Threading.Channels;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Events;

/// <summary>Writes down what the engine tells: lines for the log of each task, and the final books of runs.</summary>
/// <remarks>
/// While the disk takes nothing, both wait: the final books of every run, for the books of a task are their sum, and the newest lines.
/// </remarks>
internal sealed partial class RecordFacts(
    IPipelineSupervisor supervisor,
    TaskRoster roster,
    TaskRunStore runs,
    TaskEventLog events,
    StorageWatch storage,
    TimeProvider time,
    ILogger<RecordFacts> logger)
    : BackgroundService
{
    private const int MostLinesKept = 10_000;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    // A page shows a line within a second, and a storm becomes a few large saves instead of thousands of small ones.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(500);

    // The engine's own buffer is bounded and says when it dropped; this one only carries a batch.
    private readonly Channel<PipelineFact> _facts = Channel.CreateBounded<PipelineFact>(1_000);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The engine was disposed before this, so its facts end by themselves; cancelled, the reading would leave the last ones behind.
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await Task.WhenAll(ReadAsync(stoppingToken), WriteAsync(stoppingToken));

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var fact in supervisor.WatchFactsAsync(stoppingToken))
            {
                // The feed first: the books on screen must not wait for the disk.
                if (fact.Final is { } final)
                {
                    roster.Change(fact.PipelineId, entry => entry.Ended(final));
                }

                await _facts.Writer.WriteAsync(fact, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The writer still stores what was read.
        }
        finally
        {
            _facts.Writer.TryComplete();
        }
    }

    private async Task WriteAsync(CancellationToken stoppingToken)
    {
        var finals = new List<PipelineSnapshot>();
        var lines = new List<TaskEventRow>();
        var batch = new List<PipelineFact>();
        var more = _facts.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        for (var ended = false; !ended;)
        {
            // While something waits to be stored, a silent engine must not keep it waiting.
            await Task.WhenAny(more, finals.Count + lines.Count == 0 ? more : Task.Delay(Again, time, stoppingToken));
            ended = more.IsCompleted && !await more;
            await Task.Delay(Gather, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_facts.Reader.TryRead(out var fact))
            {
                batch.Add(fact);
            }

            finals.AddRange(batch.Select(fact => fact.Final).OfType<PipelineSnapshot>());
            lines.AddRange(TaskEvents.Of(batch));
            batch.Clear();
            await StoreAsync(finals, lines);
            more = more.IsCompleted && !ended ? _facts.Reader.WaitToReadAsync(CancellationToken.None).AsTask() : more;
        }

        if (finals.Count + lines.Count > 0)
        {
            Log.Lost(logger, finals.Count, lines.Count);
        }
    }

    private async Task StoreAsync(List<PipelineSnapshot> finals, List<TaskEventRow> lines)
    {
        try
        {
            await runs.CloseAsync(finals, CancellationToken.None);
            finals.Clear();
            await events.AppendAsync(lines, CancellationToken.None);
            lines.Clear();
        }
        catch (Exception failure) when (storage.IsOfStorage(failure))
        {
            lines.RemoveRange(0, Math.Max(0, lines.Count - MostLinesKept));
        }
        catch (Exception failure)
        {
            // A bug, not the disk: the same would fail again, and hold up what comes after it.
            Log.RecordingFailed(logger, finals.Count, lines.Count, failure);
            finals.Clear();
            lines.Clear();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.FactsLost, LogLevel.Error, "The final books of {Runs} runs and {Lines} lines of what happened to tasks could not be stored and are lost")]
        public static partial void RecordingFailed(ILogger logger, int runs, int lines, Exception failure);

        [LoggerMessage(ServerEvents.FactsUnstored, LogLevel.Error, "The server ends while nothing can be stored: the final books of {Runs} runs and {Lines} lines of what happened to tasks are lost")]
        public static partial void Lost(ILogger logger, int runs, int lines);
    }
}
