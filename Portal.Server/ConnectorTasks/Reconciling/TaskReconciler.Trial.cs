using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>The way back when a task that ran well does not come up with its new settings.</summary>
/// <remarks>
/// The former settings are known to the living server only. One that crashes meanwhile starts with what is asked, as ever: what the clients of
/// either settings may hold at a broker is written down before each of the starts.
/// </remarks>
internal sealed partial class TaskReconciler
{
    private static readonly TimeSpan TrialLook = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether these settings were tried before and given up, and nobody has changed them or ordered a restart since.</summary>
    private static bool WasGivenUp(GivenUp givenUp, InMotion asked) => givenUp.Tried.Stamp == asked.Stamp && givenUp.Tried.Spec.SameAs(asked.Spec);

    /// <summary>Follows a start, from outside of the queue: a pause or another change must not wait for its end.</summary>
    private async Task TryOutAsync(string id, InMotion tried, StartTrial trial)
    {
        try
        {
            for (var began = time.GetTimestamp(); ;)
            {
                await Task.Delay(TrialLook, time, _stop.Token);
                if (!IsTrying(id, tried) || supervisor.Find(id) is not { } photo)
                {
                    return;
                }

                switch (trial.Judge(photo, time.GetElapsedTime(began)))
                {
                    case TrialVerdict.Passed:
                        roster.Change(id, entry => ReferenceEquals(entry.InMotion, tried) ? entry with { Former = null } : entry);
                        return;
                    case TrialVerdict.Failed:
                        await _queue.RunAsync(id, () => GoBackAsync(id, tried));
                        return;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; the next start takes what is asked.
        }
        catch (Exception failure)
        {
            Log.ReconcileFailed(logger, id, failure);
            Fail(id, TroubleText.Of(failure), needsYou: true);
        }
    }

    private bool IsTrying(string id, InMotion tried) => roster.Find(id) is { Former: not null } entry && ReferenceEquals(entry.InMotion, tried);

    /// <summary>
    /// Starts the former settings again, on the way of every other start: what the given-up ones left at their broker is ended or written down
    /// as owed. What is asked stays as it is stored.
    /// </summary>
    private async Task GoBackAsync(string id, InMotion tried)
    {
        // Looked at again in its turn: an order before it may have changed everything, and the start may have come up late.
        if (!IsTrying(id, tried)
            || roster.Find(id)?.Former is not { } former
            || supervisor.Find(id) is not { } photo
            || await specs.FindAsync(id, _stop.Token) is not { DeletingSince: null, Asked: AskedState.Running } row)
        {
            return;
        }

        if (photo.Status is PipelineStatus.Running or PipelineStatus.Degraded)
        {
            roster.Change(id, entry => entry with { Former = null });
            return;
        }

        var text = $"It went back to its former settings, because with the new ones, though they passed their test, it did not come up: {photo.Cause ?? "its clients did not connect."} "
            + "Mend that and change its settings or restart it; or pause and resume it to start with the new ones all the same.";

        // First, since who waits for the task to run must not take the run of the former settings for it.
        Fail(id, text, needsYou: true);
        roster.Change(id, entry => entry with { GivenUp = new GivenUp(tried, text) });
        row.Settings = former.Settings;
        ApplyOutcome? outcome = null;
        try
        {
            outcome = await StartAsync(row, former, Order.Reconcile, runs: true, _stop.Token);
        }
        finally
        {
            roster.Change(id, entry => outcome is null ? entry with { GivenUp = null } : entry with { InMotion = former, Former = null });
        }

        if (outcome is not null)
        {
            await using var db = await databases.CreateDbContextAsync(_stop.Token);
            db.Add(TaskEvents.ByItself(id, time.GetUtcNow(), EventSeverity.Error, text));
            await db.SaveChangesAsync(_stop.Token);
        }
    }
}
