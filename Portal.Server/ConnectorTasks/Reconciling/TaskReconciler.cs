using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Live;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>
/// Makes the engine do what the database asks, one task at a time and different tasks side by side. Every command ends here: it reads
/// the row as it is now, so that it may be asked too often, too late or again after a crash, and never does anything twice.
/// </summary>
internal sealed partial class TaskReconciler(
    IPipelineSupervisor supervisor,
    TaskSpecs specs,
    StartedSessions sessions,
    OwedDrains owed,
    Rehearsal rehearsal,
    TaskRoster roster,
    RateHistory rates,
    TaskLineChanges lineChanges,
    IDbContextFactory<PortalDb> databases,
    TimeProvider time,
    ILogger<TaskReconciler> logger) : IDisposable
{
    private readonly KeyedQueue _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isOpen;

    /// <summary>Begins to carry out requests. Until then nobody would write down what the engine tells.</summary>
    public void Open()
    {
        _isOpen = true;
        supervisor.RestartThrough(ReviveAsync);
    }

    /// <summary>
    /// A person changed what is asked: reconciles the task soon. What becomes of it is seen in the feed. Before <see cref="Open"/> it is left to the
    /// first look at all tasks.
    /// </summary>
    public void Request(string id)
    {
        if (_isOpen)
        {
            _ = OrderedAsync(id, Order.Reconcile);
        }
    }

    /// <summary>Reconciles one task and returns when the engine has taken the order up. Throws nothing: trouble is shown with the task.</summary>
    public Task ReconcileAsync(string id) => _queue.RunAsync(id, () => GuardedAsync(id, Order.Reconcile));

    /// <summary>
    /// Starts a running task anew, with the settings of now. The order travels with its own piece of work: one that is under way has read
    /// older settings and must not count as its answer.
    /// </summary>
    /// <returns>Whether a new run began; otherwise the trouble is shown with the task.</returns>
    public Task<bool> RestartAsync(string id)
    {
        ShowRestarting(id);
        return OrderedAsync(id, Order.Restart);
    }

    /// <summary>Tries to end what a task owes to brokers. Throws nothing: what is left is seen in the list.</summary>
    public Task DrainOwedAsync(string id) => _queue.RunAsync(id, async () =>
    {
        try
        {
            if (await specs.FindAsync(id, _stop.Token) is { DeletingSince: null } row)
            {
                await owed.DrainAsync(row, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            Log.ReconcileFailed(logger, id, failure);
        }
    });

    /// <summary>Ends the waits of everything under way. What is asked is stored, and the next start takes it up.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _queue.IdleAsync();
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>
    /// A person's order is a new attempt, with all its automatic restarts before it. What the server does by itself never is, whatever broker it
    /// leads to: a task that fails here and there alike must come to its end. In its turn: what failed before it was the attempt before.
    /// </summary>
    private async Task<bool> OrderedAsync(string id, Order order)
    {
        var began = false;
        await _queue.RunAsync(id, async () =>
        {
            supervisor.CountRestartsAnew(id);
            began = await GuardedAsync(id, order);
        });
        return began;
    }

    /// <summary>
    /// The engine's own restart of what failed is due. It takes the settings of now where they pass their test, and goes the way of every other
    /// start: what former settings hold at a broker is dealt with first.
    /// </summary>
    /// <returns>Why it needs a person now; null where it began, or where the next look tries it again.</returns>
    private async Task<string?> ReviveAsync(string id, CancellationToken cancellationToken)
    {
        if (roster.Find(id)?.Command is null)
        {
            ShowRestarting(id);
        }

        var began = false;
        await _queue.RunAsync(id, async () => began = await GuardedAsync(id, Order.Revive)).WaitAsync(cancellationToken);
        return !began && roster.Find(id)?.Trouble is { NeedsYou: true } trouble ? trouble.Text : null;
    }

    private async Task<bool> GuardedAsync(string id, Order order)
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            return await DecideAsync(id, order, _stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops; the next start begins here.
        }
        catch (Exception failure)
        {
            var text = TroubleText.Of(failure);
            if (roster.Find(id)?.Trouble?.Text != text)
            {
                Log.ReconcileFailed(logger, id, failure);
            }

            // An automatic restart that a reason of ours kept from beginning is tried again by the next look; a person hears of it when that fails too.
            Fail(id, text, needsYou: order != Order.Revive);
        }

        return false;
    }

    private async Task<bool> DecideAsync(string id, Order order, CancellationToken cancellationToken)
    {
        switch (await specs.FindAsync(id, cancellationToken))
        {
            case null:
                await supervisor.RetireAsync(id, RetireMode.Abandon, cancellationToken);
                Forget(id);
                break;
            case { DeletingSince: not null } row:
                await DeleteAsync(row, cancellationToken);
                break;
            case { Asked: AskedState.Paused } row:
                await PauseAsync(row, cancellationToken);
                break;
            case var row:
                return await RunAsync(row, order, cancellationToken);
        }

        return false;
    }

    private async Task<bool> RunAsync(ConnectorTask row, Order order, CancellationToken cancellationToken)
    {
        var photo = supervisor.Find(row.Id);
        var runs = photo is not null;
        if (order != Order.Reconcile && runs)
        {
            // What was under way before it has cleared the mark.
            ShowRestarting(row.Id);
        }

        if (order == Order.Reconcile && photo is { HasFailed: true, AttemptsAllowed: > 0, NextAttemptAt: null })
        {
            // Its automatic restart was due and could not be finished: that is what the look finishes.
            order = Order.Revive;
        }

        if (roster.Find(row.Id)?.SessionsKeptUntil is not null)
        {
            await KeepUntilAsync(row.Id, null, cancellationToken);
        }

        var asked = specs.Compile(row);
        var known = roster.Find(row.Id);
        var before = known?.InMotion;
        var failed = photo is { HasFailed: true };
        var givenUp = order != Order.Restart && known?.GivenUp is { } latest && WasGivenUp(latest, asked) ? latest : null;
        if (givenUp is { IsTestedAgain: false } && photo is not null)
        {
            if (failed && before is not null)
            {
                return await StartAsItRanAsync(row, before, order, cancellationToken);
            }

            if (!failed)
            {
                Fail(row.Id, givenUp.Why, needsYou: true);
                return false;
            }
        }

        // What failed is started anew in any case, and takes the settings of now.
        var kept = !failed && order != Order.Restart && before is not null ? KeepingConnections(asked, before) : null;
        var next = kept ?? asked;
        var former = known?.Former ?? (photo is null ? await specs.CompileFormerAsync(row, cancellationToken) : null);
        if (kept is null && PipelineSpecValidator.Validate(next.Spec).Count == 0)
        {
            // What does not work has nothing to lose by new settings, unless it ran with the ones that it has until it failed by itself.
            var isUp = photo is { Status: PipelineStatus.Running or PipelineStatus.Degraded };
            var ranWell = isUp || (failed && order == Order.Revive && former is null);

            // Where it has not come up with its last settings yet, its way back is still the one before them.
            former ??= ranWell || known?.GivenUp is not null ? before : null;

            // Where nothing runs, what is asked is tested before anything that the former settings hold at a broker is ended for it.
            var proven = photo is null ? former : ranWell || givenUp is not null ? before : null;
            if (proven is not null && StartTrial.Between(proven.Spec, next.Spec) is not null && await KeepsFormerAsync(row, proven, next, cancellationToken))
            {
                return photo is not { HasFailed: false } && await StartAsItRanAsync(row, proven, order, cancellationToken);
            }
        }

        var trial = former is null ? null : StartTrial.Between(former.Spec, next.Spec);
        await KeepFormerAsync(row, trial is null ? null : former, cancellationToken);
        if (await StartAsync(row, next, order, runs, cancellationToken) is not { } outcome)
        {
            return false;
        }

        roster.Change(row.Id, entry => Settled(entry) with
        {
            InMotion = next,
            Former = trial is null ? null : former,
            RestartToApply = kept is not null && entry.RestartToApply,
        });
        if (trial is not null)
        {
            _ = TryOutAsync(row.Id, next, trial);
        }

        return outcome is ApplyOutcome.Started or ApplyOutcome.Restarted;
    }

    /// <summary>Gives a task's pipeline what it shall run with, once nothing stands in the way that former settings left at a broker.</summary>
    /// <returns>What was done; null when it could not be, and why not is shown with the task.</returns>
    private async Task<ApplyOutcome?> StartAsync(ConnectorTask row, InMotion next, Order order, bool runs, CancellationToken cancellationToken)
    {
        var endpoints = next.Endpoints;
        var before = roster.Find(row.Id)?.InMotion;
        var started = row.StartedSettings;
        if (PipelineSpecValidator.Validate(next.Spec).Count == 0)
        {
            // What keeps the way of its last start stays where it is, whatever was edited since.
            if (!ReferenceEquals(before?.Endpoints, endpoints) && await sessions.LeaveFormerBrokerAsync(row, endpoints, cancellationToken))
            {
                (started, runs) = (null, false);
            }

            if (await sessions.MakeWayAsync(row, started, endpoints, runs, cancellationToken) is { } inTheWay)
            {
                // The old subscriptions live in the sessions that the new clients would continue.
                Fail(row.Id, $"It starts as soon as the broker has ended the sessions of its former settings: {inTheWay}", needsYou: false);
                return null;
            }
        }

        started = runs ? started : null;
        await sessions.RememberAsync(row, started, endpoints, cancellationToken);
        // What failed is started anew by an apply too.
        var result = order == Order.Restart && runs
            ? await supervisor.RestartAsync(next.Spec, cancellationToken)
            : await supervisor.ApplyAsync(next.Spec, cancellationToken);
        if (result.Outcome == ApplyOutcome.Refused)
        {
            Log.ApplyRefused(logger, row.Id, result.Errors.Count);
            if (started is not null)
            {
                // The old pipeline runs on.
                await specs.StoreStartedAsync(row.Id, started, row.StartedEndpoints, cancellationToken);
            }

            Fail(row.Id, $"The stored settings cannot be carried out: {string.Join(" ", result.Errors.Select(error => error.Text))} Edit the task.", needsYou: true);
            return null;
        }

        if (started is not null)
        {
            await sessions.SettleAsync(row, started, endpoints, before, result, cancellationToken);
        }

        return result.Outcome;
    }

    private async Task PauseAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        if (supervisor.Find(row.Id) is not null)
        {
            roster.Change(row.Id, entry => entry with { Command = new UnderWay(ConnectorTaskStatus.Pausing, time.GetUtcNow()) });
            var last = await supervisor.RetireAsync(row.Id, RetireMode.KeepSessions, cancellationToken);
            await KeepUntilAsync(row.Id, last is null ? null : SessionsKeptUntil(last), cancellationToken);
        }

        roster.Change(row.Id, Settled);
        await KeepFormerAsync(row, null, cancellationToken);
        if (await sessions.EndLeftAsync(row, cancellationToken) is { } cause)
        {
            Fail(row.Id, $"The broker may still hold sessions of its former settings: {cause} It is tried again.", needsYou: false);
        }
    }

    // Each session is kept for as long as its CONNACK granted from its end on; the first that goes is the one that counts.
    private DateTimeOffset? SessionsKeptUntil(PipelineSnapshot last) =>
        last.Clients.All(client => client.ConnectedAt is not null && client.SessionExpiry > TimeSpan.Zero)
            ? time.GetUtcNow() + last.Clients.Min(client => client.SessionExpiry)
            : null;

    private async Task KeepUntilAsync(string id, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        await specs.StoreKeptUntilAsync(id, until, cancellationToken);
        roster.Change(id, entry => entry with { SessionsKeptUntil = until });
    }

    private async Task DeleteAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        roster.Change(row.Id, entry => entry.Command?.Status == ConnectorTaskStatus.Deleting
            ? entry
            : entry with { Command = new UnderWay(ConnectorTaskStatus.Deleting, row.DeletingSince ?? time.GetUtcNow()) });
        if ((await sessions.EndAllAsync(row, cancellationToken) ?? await owed.DrainAsync(row, cancellationToken)) is { } cause)
        {
            var text = $"Its sessions at the broker could not be ended: {cause} It is tried again; or delete it without ending them: what the broker holds for it is lost when they expire there, after an hour.";
            roster.Change(row.Id, entry => entry.Trouble?.Text == text ? entry : entry with { Trouble = new Trouble(text, time.GetUtcNow(), NeedsYou: true) });
            return;
        }

        await supervisor.RetireAsync(row.Id, RetireMode.EndSessions, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ConnectorTasks.Where(task => task.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        lineChanges.Add();
        Forget(row.Id);
    }

    /// <summary>
    /// A running task keeps the connection settings of its last start until somebody restarts it. So a change of mapping or filter is compiled
    /// with those; null when it needs a new start anyway, which takes the settings of now.
    /// </summary>
    private static InMotion? KeepingConnections(InMotion asked, InMotion before)
    {
        if (asked.Stamp.ConnectionId != before.Stamp.ConnectionId || asked.Stamp.InstanceId != before.Stamp.InstanceId)
        {
            return null;
        }

        var kept = asked.Spec with
        {
            Source = asked.Spec.Source with { Broker = before.Spec.Source.Broker },
            Sink = asked.Spec.Sink with { Kafka = before.Spec.Sink.Kafka },
        };
        return before.Spec.CanBecome(kept) ? new InMotion(kept, before.Stamp, asked.Settings, before.Endpoints) : null;
    }

    /// <summary>Why a task is reconciled.</summary>
    private enum Order
    {
        /// <summary>Something was asked, or is not as it was asked.</summary>
        Reconcile,

        /// <summary>A person wants it started anew.</summary>
        Restart,

        /// <summary>It failed, and its automatic restart is due.</summary>
        Revive,
    }

    private static RosterEntry Settled(RosterEntry entry) =>
        entry with { Command = null, Trouble = null, RestartToApply = false, InMotion = null, Former = null, GivenUp = null };

    private void ShowRestarting(string id) => roster.Change(id, entry => entry.Command?.Status == ConnectorTaskStatus.Restarting
        ? entry
        : entry with { Command = new UnderWay(ConnectorTaskStatus.Restarting, time.GetUtcNow()) });

    private void Fail(string id, string text, bool needsYou) => roster.Change(id, entry => Troubled(entry, text, needsYou) with { Command = null });

    private RosterEntry Troubled(RosterEntry entry, string text, bool needsYou) => entry with
    {
        Trouble = new Trouble(text, entry.Trouble is { } same && same.Text == text ? same.Since : time.GetUtcNow(), needsYou),
    };

    private void Forget(string id)
    {
        roster.Remove(id);
        rates.Remove(id);
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.ReconcileFailed, LogLevel.Error, "What is asked of {TaskId} could not be carried out")]
        public static partial void ReconcileFailed(ILogger logger, string taskId, Exception failure);

        [LoggerMessage(ServerEvents.ApplyRefused, LogLevel.Warning, "The engine refused the settings of {TaskId}: {Errors} errors")]
        public static partial void ApplyRefused(ILogger logger, string taskId, int errors);
    }
}
