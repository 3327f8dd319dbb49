using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data;

namespace Portal.Server.Security;

/// <summary>What the gate answers: who acts, and why they may not, if so.</summary>
internal readonly record struct GateAnswer(Actor Actor, CommandResult? Refusal);

/// <summary>
/// Every change passes here first. The role is read from the database and not from the cookie or the circuit, so that a role taken
/// away is gone at the next click. A denied attempt is audited.
/// </summary>
internal sealed partial class ChangeGate(IActor actor, IDbContextFactory<PortalDb> databases, AuditTrail audit, ILogger<ChangeGate> logger)
{
    /// <summary>Asks whether the actor of this scope may change something.</summary>
    /// <param name="action">The verb, as the audit will have it.</param>
    /// <param name="subject">What is to be changed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GateAnswer> EnterAsync(string action, AuditSubject subject, CancellationToken cancellationToken) =>
        EnterAsync(action, subject, [Roles.Administrator], cancellationToken);

    /// <summary>Asks whether the actor of this scope may read payloads: whoever has a role may, a mere sign-in is not enough.</summary>
    /// <param name="subject">What is to be read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<GateAnswer> EnterToReadAsync(AuditSubject subject, CancellationToken cancellationToken) =>
        EnterAsync("read", subject, [Roles.Viewer, Roles.Administrator], cancellationToken);

    private async Task<GateAnswer> EnterAsync(string action, AuditSubject subject, string[] roles, CancellationToken cancellationToken)
    {
        var who = await actor.FindAsync() ?? new Actor("nobody", "");
        if (who.IsSystem)
        {
            return new GateAnswer(who, null);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await HasOneAsync(db, who, roles, cancellationToken))
        {
            return new GateAnswer(who, null);
        }

        audit.Add(db, who, action, subject, result: AuditTrail.Denied);
        await db.SaveChangesAsync(cancellationToken);
        Log.ChangeDenied(logger, who.Name, action, subject.Kind, subject.Name);
        var words = $"To {action} {subject.Described} needs the role {string.Join(" or ", roles)}, which {who.Name} does not have. Ask an administrator of this portal.";
        return new GateAnswer(who, CommandResult.Not(CommandOutcome.Forbidden, words));
    }

    private static Task<bool> HasOneAsync(PortalDb db, Actor who, string[] roles, CancellationToken cancellationToken) =>
        db.UserRoles
            .Where(held => held.UserId == who.UserId)
            .Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name)
            .AnyAsync(name => roles.Contains(name), cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.ChangeDenied, LogLevel.Warning, "{Actor} may not {Action} {Kind} {Name}")]
        public static partial void ChangeDenied(ILogger logger, string actor, string action, string kind, string name);
    }
}
