using System.Threading.Channels;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Runs;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Events;

/// <summary>Writes down what the engine tells: lines for the log of each task, and the final books of runs.</summary>
internal sealed partial class RecordFacts(
    IPipelineSupervisor supervisor, TaskRoster roster, TaskRunStore runs, TaskEventLog events, TimeProvider time, ILogger<RecordFacts> logger)
    : BackgroundService
{
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
        var batch = new List<PipelineFact>();
        while (await _facts.Reader.WaitToReadAsync(CancellationToken.None))
        {
            await Task.Delay(Gather, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_facts.Reader.TryRead(out var fact))
            {
                batch.Add(fact);
            }

            try
            {
                await runs.CloseAsync([.. batch.Select(fact => fact.Final).OfType<PipelineSnapshot>()], CancellationToken.None);
                await events.AppendAsync(TaskEvents.Of(batch), CancellationToken.None);
            }
            catch (Exception failure)
            {
                Log.RecordingFailed(logger, batch.Count, failure);
            }

            batch.Clear();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.FactsLost, LogLevel.Error, "{Count} lines of what happened to tasks could not be stored and are lost")]
        public static partial void RecordingFailed(ILogger logger, int count, Exception failure);
    }
}
