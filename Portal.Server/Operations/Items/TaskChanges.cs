using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Audit;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;
using Portal.Server.Live.Roster;
using Portal.Server.Security;

namespace Portal.Server.Operations.Items;

/// <summary>Restarts, pauses, resumes or deletes one task through the same service as a click would, and waits until that is seen.</summary>
internal sealed class TaskChanges(
    IServiceScopeFactory scopes,
    IDbContextFactory<PortalDb> databases,
    AuditTrail audit,
    TaskSpecs specs,
    TaskRestart restart,
    TaskRoster roster,
    IPipelineSupervisor supervisor,
    TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Restarts a task; an order of a person is authorised and written down for each task, a restart that follows from a saved change was so with it.</summary>
    public async Task<ItemResult> RestartAsync(string id, Actor actor, bool takenUp, CancellationToken cancellationToken) =>
        (actor.IsSystem || takenUp ? null : await RecordRestartAsync(id, actor, cancellationToken))
        ?? await restart.RunAsync(id, onlyVerify: takenUp, cancellationToken);

    public async Task<ItemResult> PauseAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (await GoneAsync(id, cancellationToken) is { } gone)
        {
            return gone;
        }

        var result = await CommandAsync(actor, tasks => tasks.PauseAsync([id], cancellationToken));
        return result ?? await SeenAsync(
            () => supervisor.Find(id) is null ? new ItemResult(OperationState.Succeeded, null) : null,
            "It still finishes what is open, and is paused after that.",
            cancellationToken);
    }

    public async Task<ItemResult> ResumeAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        // The run that failed is no answer to what is ordered now.
        var failed = supervisor.Find(id) is { HasFailed: true } photo ? photo.RunId : (Guid?)null;
        return await GoneAsync(id, cancellationToken)
            ?? await CommandAsync(actor, tasks => tasks.ResumeAsync([id], cancellationToken))
            ?? await restart.VerifiedAsync(id, failed, cancellationToken);
    }

    public async Task<ItemResult> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (await specs.FindAsync(id, cancellationToken) is not { } row)
        {
            return new ItemResult(OperationState.Succeeded, null);
        }

        var result = await CommandAsync(actor, tasks => tasks.DeleteAsync(id, row.Revision, forgetSessions: false, cancellationToken));
        return result ?? await SeenAsync(
            () => roster.Find(id) switch
            {
                null => new ItemResult(OperationState.Succeeded, null),
                { Trouble: { NeedsYou: true } trouble } => new ItemResult(OperationState.Failed, trouble.Text),
                _ => null,
            },
            "It still finishes what is open and ends its sessions; it is deleted after that.",
            cancellationToken);
    }

    private async Task<ItemResult?> RecordRestartAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        if (await specs.FindAsync(id, cancellationToken) is not { DeletingSince: null, Asked: AskedState.Running } row)
        {
            // Passed over below, in words.
            return null;
        }

        await using var scope = scopes.CreateScopeOf(actor);
        var subject = AuditSubject.ConnectorTask(id, row.Name);
        if ((await scope.ServiceProvider.GetRequiredService<ChangeGate>().EnterAsync("restart", subject, cancellationToken)).Refusal is { } refusal)
        {
            return new ItemResult(OperationState.Failed, refusal.Text);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(TaskEvents.ByPerson(id, TaskEvents.Command, actor.Name, time.GetUtcNow(), "Restarted"));
        audit.Add(db, actor, "restart", subject);
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private async Task<ItemResult?> GoneAsync(string id, CancellationToken cancellationToken) =>
        await specs.FindAsync(id, cancellationToken) is null or { DeletingSince: not null }
            ? new ItemResult(OperationState.Cancelled, "Deleted meanwhile.")
            : null;

    private async Task<ItemResult?> CommandAsync(Actor actor, Func<IConnectorTaskService, Task<CommandResult>> command)
    {
        await using var scope = scopes.CreateScopeOf(actor);
        var result = await command(scope.ServiceProvider.GetRequiredService<IConnectorTaskService>());
        return result.IsAccepted ? null : new ItemResult(OperationState.Failed, result.Text);
    }

    private async Task<ItemResult> SeenAsync(Func<ItemResult?> look, string late, CancellationToken cancellationToken)
    {
        for (var began = time.GetTimestamp(); time.GetElapsedTime(began) < TaskRestart.Patience;)
        {
            if (look() is { } seen)
            {
                return seen;
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        return new ItemResult(OperationState.Failed, $"Not done after {TaskRestart.Patience.TotalSeconds:0} s. {late}");
    }
}
