using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Audit;
using Portal.Server.ConnectorTasks.Events;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.ConnectorTasks.Commands;

/// <summary>Hurries or ends what a task does to recover by itself. Nothing is stored but that somebody did it: the engine decides at once.</summary>
internal sealed class TaskRecoveryCommands(
    IDbContextFactory<PortalDb> databases, ChangeGate gate, AuditTrail audit, IPipelineSupervisor supervisor, TimeProvider time) : ITaskRecovery
{
    public Task<CommandResult> TryNowAsync(string id, CancellationToken cancellationToken) =>
        TellAsync(id, "try now", "Tried now", supervisor.TryNow, "Nothing waits for a next attempt any more: the task connects, runs, asks Kafka without pause, or has ended.", cancellationToken);

    public Task<CommandResult> StopTryingAsync(string id, CancellationToken cancellationToken) =>
        TellAsync(id, "stop trying", "Automatic restarts stopped", supervisor.StopTrying, "No automatic restart is planned any more.", cancellationToken);

    private async Task<CommandResult> TellAsync(
        string id, string action, string done, Func<string, bool> tell, string otherwise, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var name = await db.ConnectorTasks.Where(task => task.Id == id).Select(task => task.Name).FirstOrDefaultAsync(cancellationToken);
        var subject = AuditSubject.ConnectorTask(id, name ?? "");
        var (actor, refusal) = await gate.EnterAsync(action, subject, cancellationToken);
        if (refusal is not null || name is null)
        {
            return refusal ?? CommandResult.Not(CommandOutcome.NotFound, "This task has been deleted.");
        }

        if (!tell(id))
        {
            return CommandResult.Not(CommandOutcome.Refused, otherwise);
        }

        db.Add(TaskEvents.ByPerson(id, TaskEvents.Command, actor.Name, time.GetUtcNow(), done));
        audit.Add(db, actor, action, subject);
        await db.SaveChangesAsync(CancellationToken.None);
        return CommandResult.Accepted(id);
    }
}
