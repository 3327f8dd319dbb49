using System.Runtime.CompilerServices;

namespace Portal.Engine.Probing;

/// <summary>Runs the stages of a probe one after another and reports each change.</summary>
internal static class ProbeRunner
{
    /// <summary>How long one stage may take.</summary>
    public static readonly TimeSpan StageLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long all of them may take.</summary>
    public static readonly TimeSpan TotalLimit = TimeSpan.FromSeconds(10);

    /// <summary>Yields a report before and after each stage; the last one is finished. A stage that does not heed its cancellation is left behind.</summary>
    /// <param name="stages">In order.</param>
    /// <param name="time">The clock of all limits.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <param name="totalLimit">Instead of <see cref="TotalLimit"/>.</param>
    /// <exception cref="OperationCanceledException">Cancelled, at once.</exception>
    public static async IAsyncEnumerable<ProbeReport> RunAsync(
        IReadOnlyList<ProbeStage> stages, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken, TimeSpan? totalLimit = null)
    {
        var steps = stages.Select(stage => new ProbeStep { Name = stage.Name, Title = stage.Title }).ToArray();
        using var total = new CancellationTokenSource(totalLimit ?? TotalLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, total.Token);
        var ended = false;
        for (var i = 0; i < stages.Count; i++)
        {
            if (ended)
            {
                steps[i] = steps[i] with { State = ProbeState.Skipped, Result = "Not reached." };
                continue;
            }

            steps[i] = steps[i] with { State = ProbeState.Running };
            yield return new ProbeReport([.. steps], Finished: false);

            var start = time.GetTimestamp();
            var outcome = await RunAsync(stages[i], time, either.Token);
            cancellationToken.ThrowIfCancellationRequested();
            steps[i] = steps[i] with
            {
                State = outcome.State,
                Took = time.GetElapsedTime(start),
                Code = outcome.Code,
                Result = outcome.Result,
                Advice = outcome.Advice,
            };
            ended = total.IsCancellationRequested || (stages[i].EndsOnFailure && outcome.State == ProbeState.Failed);
            if (!ended && i + 1 < stages.Count)
            {
                yield return new ProbeReport([.. steps], Finished: false);
            }
        }

        yield return new ProbeReport([.. steps], Finished: true);
    }

    private static async Task<StageOutcome> RunAsync(ProbeStage stage, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(StageLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await stage.RunAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return stage.OutOfTime?.Invoke() ?? StageOutcome.Failed(
                "no-answer",
                "There was no answer in time.",
                "Try again. If it stays so, look whether the other side is overloaded, or a firewall drops packets on the way.");
        }
        catch (Exception exception)
        {
            // Whatever a stage did not foresee is a finding too: a person who waits for the report must not get a broken page instead.
            return StageOutcome.Failed(
                "unforeseen",
                $"The test itself failed: {exception.Message.TrimEnd('.')}.",
                "Try again. If it stays so, report it with this text: no answer of the other side should end in it.");
        }
    }
}
