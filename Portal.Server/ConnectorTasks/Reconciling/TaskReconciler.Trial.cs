using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>The way back when a task that ran well does not come up with its new settings.</summary>
/// <remarks>
/// The former settings of the task are stored before each start that may need them. A server that starts anew tests what is asked, and takes it or
/// knows the way back: what the clients of either settings may hold at a broker is written down before each of the starts. Of a connection, a
/// cluster or an instance only the settings of now are stored: after a crash there is no way back from an edit of those.
/// </remarks>
internal sealed partial class TaskReconciler
{
    private static readonly TimeSpan TrialLook = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether these settings were tried before and given up, and nobody has changed them or ordered a restart since.</summary>
    private static bool WasGivenUp(GivenUp givenUp, InMotion asked) => givenUp.Tried.Stamp == asked.Stamp && givenUp.Tried.Spec.SameAs(asked.Spec);

    /// <summary>
    /// A new source or target is tried before the old one is given up. Where it fails, what runs well runs on, and what failed by itself comes
    /// back with what it ran with.
    /// </summary>
    private async Task<bool> KeepsFormerAsync(ConnectorTask row, InMotion before, InMotion asked, CancellationToken cancellationToken)
    {
        if (await rehearsal.FindFaultAsync(before, asked, row.Settings, cancellationToken) is not { } fault)
        {
            return false;
        }

        // A connection that changed is taken up by a restart only.
        var next = KeepingConnections(asked, before) is not null ? "Mend that and restart it again" : "Mend that, and it takes them by itself";
        var text = $"It runs on with its former settings, because with the new ones {fault} {next}; or pause and resume it to start with them all the same.";
        var known = roster.Find(row.Id);
        if (known?.GivenUp?.Why != text)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            db.Add(TaskEvents.ByItself(row.Id, time.GetUtcNow(), EventSeverity.Error, text));
            await db.SaveChangesAsync(cancellationToken);
        }

        // Not what it has not come up with yet: its own trial stores that once it is passed.
        await specs.StoreFormerAsync(row.Id, (known?.Former ?? before).Settings, cancellationToken);
        var runsOn = supervisor.Find(row.Id) is { HasFailed: false };
        if (!runsOn)
        {
            ShowRestarting(row.Id);
        }

        // In one piece: nobody may take it for the trouble of a task that stands still.
        roster.Change(row.Id, entry => Troubled(entry, text, needsYou: true) with
        {
            Command = runsOn ? null : entry.Command,
            GivenUp = entry.GivenUp is { } same && same.Why == text && WasGivenUp(same, asked) ? same : new GivenUp(asked, text, IsTestedAgain: true),
        });
        return true;
    }

    /// <summary>
    /// Starts what failed, or what a server that starts anew finds, with the settings that it ran with. What is asked stays as it is stored, and
    /// why it does not run with it is shown.
    /// </summary>
    private async Task<bool> StartAsItRanAsync(ConnectorTask row, InMotion before, Order order, CancellationToken cancellationToken)
    {
        ShowRestarting(row.Id);
        row.Settings = before.Settings;
        if (await StartAsync(row, before, order, runs: supervisor.Find(row.Id) is not null, cancellationToken) is not { } outcome)
        {
            return false;
        }

        roster.Change(row.Id, entry => entry with
        {
            Command = null,
            InMotion = before,
            Former = ReferenceEquals(entry.InMotion, before) ? entry.Former : null,
            Trouble = entry.GivenUp is { } why ? Troubled(entry, why.Why, needsYou: true).Trouble : entry.Trouble,
        });
        return outcome is ApplyOutcome.Started or ApplyOutcome.Restarted;
    }

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
                        await _queue.RunAsync(id, () => PassAsync(id, tried));
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
    /// It came up: there is no way back any more, unless it is the one from what was asked since and failed its test. In its turn, since an order
    /// before it may have begun another trial.
    /// </summary>
    private async Task PassAsync(string id, InMotion tried)
    {
        if (IsTrying(id, tried))
        {
            await specs.StoreFormerAsync(id, roster.Find(id)?.GivenUp is null ? null : tried.Settings, _stop.Token);
            roster.Change(id, entry => entry with { Former = null });
        }
    }

    /// <summary>Stores the way back; most tasks have none, and nothing to store.</summary>
    private async Task KeepFormerAsync(ConnectorTask row, InMotion? former, CancellationToken cancellationToken)
    {
        if (former is not null || row.FormerSettings is not null)
        {
            await specs.StoreFormerAsync(row.Id, former?.Settings, cancellationToken);
        }
    }

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
            await PassAsync(id, tried);
            return;
        }

        var text = $"It went back to its former settings, because with the new ones, though they passed their test, it did not come up: {photo.Cause ?? "its clients did not connect."} "
            + "Mend that and change its settings or restart it; or pause and resume it to start with the new ones all the same.";

        // First, since who waits for the task to run must not take the run of the former settings for it.
        ShowRestarting(id);
        roster.Change(id, entry => Troubled(entry, text, needsYou: true) with { GivenUp = new GivenUp(tried, text, IsTestedAgain: false) });
        row.Settings = former.Settings;
        ApplyOutcome? outcome = null;
        try
        {
            outcome = await StartAsync(row, former, Order.Reconcile, runs: true, _stop.Token);
        }
        finally
        {
            roster.Change(id, entry => outcome is null
                ? entry with { Command = null, GivenUp = null }
                : entry with { Command = null, InMotion = former, Former = null });
        }

        if (outcome is not null)
        {
            await using var db = await databases.CreateDbContextAsync(_stop.Token);
            db.Add(TaskEvents.ByItself(id, time.GetUtcNow(), EventSeverity.Error, text));
            await db.SaveChangesAsync(_stop.Token);
        }
    }
}
