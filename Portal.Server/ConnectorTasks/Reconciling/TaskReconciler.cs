using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Events;
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
    TaskRoster roster,
    RateHistory rates,
    TaskEventLog events,
    IDbContextFactory<PortalDb> databases,
    TimeProvider time,
    ILogger<TaskReconciler> logger) : IDisposable
{
    private readonly KeyedQueue _queue = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _isOpen;

    /// <summary>Begins to carry out requests. Until then nobody would write down what the engine tells.</summary>
    public void Open() => _isOpen = true;

    /// <summary>Reconciles one task soon. What becomes of it is seen in the feed. Before <see cref="Open"/> it is left to the first look at all tasks.</summary>
    public void Request(string id)
    {
        if (_isOpen)
        {
            _ = ReconcileAsync(id);
        }
    }

    /// <summary>Reconciles one task and returns when the engine has taken the order up. Throws nothing: trouble is shown with the task.</summary>
    public Task ReconcileAsync(string id) => _queue.RunAsync(id, () => GuardedAsync(id, restart: false));

    /// <summary>
    /// Starts a running task anew, with the settings of now. The order travels with its own piece of work: one that is under way has read
    /// older settings and must not count as its answer.
    /// </summary>
    /// <returns>Whether a new run began; otherwise the trouble is shown with the task.</returns>
    public async Task<bool> RestartAsync(string id)
    {
        ShowRestarting(id);
        var began = false;
        await _queue.RunAsync(id, async () => began = await GuardedAsync(id, restart: true));
        return began;
    }

    /// <summary>Ends the waits of everything under way. What is asked is stored, and the next start takes it up.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _queue.IdleAsync();
    }

    public void Dispose() => _stop.Dispose();

    private async Task<bool> GuardedAsync(string id, bool restart)
    {
        try
        {
            _stop.Token.ThrowIfCancellationRequested();
            return await DecideAsync(id, restart, _stop.Token);
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

            Fail(id, text, needsYou: true);
        }

        return false;
    }

    private async Task<bool> DecideAsync(string id, bool restart, CancellationToken cancellationToken)
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
                return await RunAsync(row, restart, cancellationToken);
        }

        return false;
    }

    private async Task<bool> RunAsync(ConnectorTask row, bool restart, CancellationToken cancellationToken)
    {
        var runs = supervisor.Find(row.Id) is not null;
        if (restart && runs)
        {
            // What was under way before it has cleared the mark.
            ShowRestarting(row.Id);
        }

        var asked = specs.Compile(row);
        var before = roster.Find(row.Id)?.InMotion;
        // One row remembers one broker: what is held at the former one is ended before the new one is asked for anything.
        var moves = runs && before is not null && before.Stamp.ClusterId != asked.Stamp.ClusterId
            && row.StartedSettings?.ConnectionId != row.ConnectionId && PipelineSpecValidator.Validate(asked.Spec).Count == 0;
        if ((!runs || moves) && await EndOwedAsync(row, cancellationToken) is { } owed)
        {
            if (row.StartedSettings!.ConnectionId == row.ConnectionId)
            {
                // The old subscriptions live in the sessions that the new clients would continue.
                Fail(row.Id, $"It starts as soon as the broker has ended the sessions of its former settings: {owed}", needsYou: false);
                return false;
            }

            await TellAsync(row.Id, EventSeverity.Warning, $"The sessions at the former connection could not be ended ({owed}) They end by themselves after an hour; what the broker holds in them until then is lost.");
        }

        var started = runs && !moves ? row.StartedSettings : null;
        var kept = runs && !restart && before is not null ? KeepingConnections(asked, before) : null;
        asked = kept ?? asked;
        if (!OwedSessions.SameSessions(row.StartedSettings, row.Settings))
        {
            // Before the first CONNECT: what the broker may hold for us must be known after a crash in the next instant.
            // While the old pipeline drains, also what it held: that is forgotten only when it has been ended.
            await specs.StoreStartedAsync(row.Id, started is null ? row.Settings : OwedSessions.Both(started, row.Settings), cancellationToken);
        }

        var result = restart && runs
            ? await supervisor.RestartAsync(asked.Spec, cancellationToken)
            : await supervisor.ApplyAsync(asked.Spec, cancellationToken);
        if (result.Outcome == ApplyOutcome.Refused)
        {
            Log.ApplyRefused(logger, row.Id, result.Errors.Count);
            if (started is not null)
            {
                // The old pipeline runs on.
                await specs.StoreStartedAsync(row.Id, started, cancellationToken);
            }

            Fail(row.Id, $"The stored settings cannot be carried out: {string.Join(" ", result.Errors.Select(error => error.Text))} Edit the task.", needsYou: true);
            return false;
        }

        if (started is not null && result.Owed.Count == 0 && before is not null && OwedSessions.AllIn(before.Spec, started))
        {
            await specs.StoreStartedAsync(row.Id, row.Settings, cancellationToken);
        }

        roster.Change(row.Id, entry => Settled(entry) with
        {
            InMotion = asked,
            RestartToApply = kept is not null && entry.RestartToApply,
        });
        return result.Outcome is ApplyOutcome.Started or ApplyOutcome.Restarted;
    }

    private async Task PauseAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        if (supervisor.Find(row.Id) is not null)
        {
            roster.Change(row.Id, entry => entry with { Command = new UnderWay(ConnectorTaskStatus.Pausing, time.GetUtcNow()) });
            await supervisor.RetireAsync(row.Id, RetireMode.KeepSessions, cancellationToken);
        }

        roster.Change(row.Id, Settled);
        if (await EndOwedAsync(row, cancellationToken) is { } owed)
        {
            Fail(row.Id, $"The broker may still hold sessions of its former settings: {owed} It is tried again.", needsYou: false);
        }
    }

    private async Task DeleteAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        roster.Change(row.Id, entry => entry.Command?.Status == ConnectorTaskStatus.Deleting
            ? entry
            : entry with { Command = new UnderWay(ConnectorTaskStatus.Deleting, row.DeletingSince ?? time.GetUtcNow()) });
        if (row.StartedSettings is { } started && await EndAsync(row, started, spec => spec, cancellationToken) is { } cause)
        {
            var text = $"Its sessions at the broker could not be ended: {cause} It is tried again; or delete it without ending them: what the broker holds for it is lost when they expire there, after an hour.";
            roster.Change(row.Id, entry => entry.Trouble?.Text == text ? entry : entry with { Trouble = new Trouble(text, time.GetUtcNow(), NeedsYou: true) });
            return;
        }

        await supervisor.RetireAsync(row.Id, RetireMode.EndSessions, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.ConnectorTasks.Where(task => task.Id == row.Id).ExecuteDeleteAsync(cancellationToken);
        Forget(row.Id);
    }

    /// <summary>Ends what a change of the settings left behind; null when there is nothing (any more), otherwise why it could not be done.</summary>
    private async Task<string?> EndOwedAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        if (row.StartedSettings is not { } started || !OwedSessions.LeftBy(started, row.Settings))
        {
            return null;
        }

        var cause = await EndAsync(row, started, spec => OwedSessions.ToEnd(spec, started, row.Settings), cancellationToken);
        if (cause is null)
        {
            await specs.StoreStartedAsync(row.Id, Remaining(started, row.Settings), cancellationToken);
        }

        return cause;
    }

    private async Task<string?> EndAsync(
        ConnectorTask row, ConnectorTaskDraft started, Func<PipelineSpec, PipelineSpec> part, CancellationToken cancellationToken)
    {
        if (started.CleanSession || await specs.CompileStartedAsync(row, started, cancellationToken) is not { } spec)
        {
            // A clean session ended with its connection; and with the connection its credentials are gone.
            return null;
        }

        var cause = await supervisor.EndSessionsAsync(part(spec), cancellationToken);
        if (cause is not null)
        {
            Log.SessionsOwed(logger, row.Id, cause);
        }

        return cause;
    }

    private static ConnectorTaskDraft? Remaining(ConnectorTaskDraft started, ConnectorTaskDraft present) =>
        started.ConnectionId == present.ConnectionId && !started.Topics.Except(present.Topics).Any()
            ? started with { Clients = Math.Min(started.Clients, present.Clients) }
            : null;

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
        return before.Spec.CanBecome(kept) ? new InMotion(kept, before.Stamp) : null;
    }

    private static RosterEntry Settled(RosterEntry entry) =>
        entry with { Command = null, Trouble = null, RestartToApply = false, InMotion = null };

    private void ShowRestarting(string id) => roster.Change(id, entry => entry.Command?.Status == ConnectorTaskStatus.Restarting
        ? entry
        : entry with { Command = new UnderWay(ConnectorTaskStatus.Restarting, time.GetUtcNow()) });

    private void Fail(string id, string text, bool needsYou) => roster.Change(id, entry => entry with
    {
        Command = null,
        Trouble = entry.Trouble is { } same && same.Text == text ? same : new Trouble(text, time.GetUtcNow(), needsYou),
    });

    private void Forget(string id)
    {
        roster.Remove(id);
        rates.Remove(id);
    }

    private Task TellAsync(string id, EventSeverity severity, string text) =>
        events.AppendAsync([TaskEvents.ByItself(id, time.GetUtcNow(), severity, text)], CancellationToken.None);

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.ReconcileFailed, LogLevel.Error, "What is asked of {TaskId} could not be carried out")]
        public static partial void ReconcileFailed(ILogger logger, string taskId, Exception failure);

        [LoggerMessage(ServerEvents.ApplyRefused, LogLevel.Warning, "The engine refused the settings of {TaskId}: {Errors} errors")]
        public static partial void ApplyRefused(ILogger logger, string taskId, int errors);

        [LoggerMessage(ServerEvents.SessionsOwed, LogLevel.Warning, "Sessions of {TaskId} at the broker could not be ended: {Cause}")]
        public static partial void SessionsOwed(ILogger logger, string taskId, string cause);
    }
}
