using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Account;

/// <summary>A user as the page shows it.</summary>
internal sealed record UserView(string Id, string Name, string Role, DateTimeOffset CreatedAt);

/// <summary>Who may sign in, and as what. One administrator always remains.</summary>
internal sealed class UserAccounts(
    UserManager<PortalUser> users, PortalDb db, FirstRun firstRun, ChangeGate gate, AuditTrail audit, TimeProvider time)
{
    public static IReadOnlyList<string> AllRoles { get; } = [Roles.Administrator, Roles.Viewer];

    public async Task<IReadOnlyList<UserView>> ListAsync(CancellationToken cancellationToken) =>
        await (from user in db.Users
               join held in db.UserRoles on user.Id equals held.UserId
               join role in db.Roles on held.RoleId equals role.Id
               orderby user.NormalizedUserName
               select new UserView(user.Id, user.UserName!, role.Name!, user.CreatedAt)).ToListAsync(cancellationToken);

    /// <summary>Creates the first administrator for whoever holds the token of the log.</summary>
    public async Task<CommandResult> CreateFirstAsync(string? token, string name, string password, CancellationToken cancellationToken)
    {
        if (!firstRun.Accepts(token))
        {
            return CommandResult.Not(
                CommandOutcome.Forbidden, "This token is not the one in the log of the server. It changes at each start: copy the newest.");
        }

        var result = await CreateAsync(new Actor(name, ""), name, password, Roles.Administrator, onlyAsFirst: true, cancellationToken);
        if (result.IsAccepted)
        {
            firstRun.Close();
        }

        return result;
    }

    public async Task<CommandResult> AddAsync(string name, string password, string role, CancellationToken cancellationToken)
    {
        var (actor, refusal) = await gate.EnterAsync("add", AuditSubject.User(null, name), cancellationToken);
        return refusal ?? await CreateAsync(actor, name, password, role, onlyAsFirst: false, cancellationToken);
    }

    public async Task<CommandResult> ChangeRoleAsync(string id, string role, CancellationToken cancellationToken)
    {
        var (actor, refusal) = await gate.EnterAsync("change the role of", await SubjectAsync(id, cancellationToken), cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await users.FindByIdAsync(id) is not { } user)
        {
            return Gone;
        }

        var before = await users.GetRolesAsync(user);
        if (before.Contains(role))
        {
            return CommandResult.Accepted(id);
        }

        if (!AllRoles.Contains(role))
        {
            return NoSuchRole(role);
        }

        if (before.Contains(Roles.Administrator) && await IsLastAdministratorAsync())
        {
            return LastAdministrator;
        }

        audit.Add(
            db,
            actor,
            "change role",
            AuditSubject.User(id, user.UserName!),
            new ChangeText().Field("Role", string.Join(", ", before), role));
        // The new stamp signs out within a minute the pages that the person has open.
        if (!(await users.RemoveFromRolesAsync(user, before)).Succeeded
            || !(await users.AddToRoleAsync(user, role)).Succeeded
            || !(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            return Overtaken;
        }

        await transaction.CommitAsync(cancellationToken);
        return CommandResult.Accepted(id);
    }

    /// <summary>Changes the password of whoever knows the present one. The new security stamp ends all other sessions of that person.</summary>
    public async Task<CommandResult> ChangePasswordAsync(string id, string current, string password)
    {
        if (await users.FindByIdAsync(id) is not { } user)
        {
            return Gone;
        }

        // The same rest as at the sign-in: a page left open must not be a place to guess at the password.
        if (await users.IsLockedOutAsync(user))
        {
            return CommandResult.Not(CommandOutcome.Refused, "After five wrong passwords the account rests for five minutes. Try again later.");
        }

        var subject = AuditSubject.User(id, user.UserName!);
        var changed = await users.ChangePasswordAsync(user, current, password);
        var wrong = changed.Errors.Any(error => error.Code == "PasswordMismatch");
        if (wrong)
        {
            await users.AccessFailedAsync(user);
        }

        audit.Add(db, new Actor(user.UserName!, id), "change password", subject, result: changed.Succeeded ? AuditTrail.Done : AuditTrail.Failed);
        await db.SaveChangesAsync();
        return changed.Succeeded ? CommandResult.Accepted(id)
            : wrong ? CommandResult.Not(CommandOutcome.Refused, "The present password is wrong.")
            : CommandResult.Invalid([.. changed.Errors.Select(Explain)]);
    }

    public async Task<CommandResult> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        var (actor, refusal) = await gate.EnterAsync("remove", await SubjectAsync(id, cancellationToken), cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await users.FindByIdAsync(id) is not { } user)
        {
            return Gone;
        }

        if (await users.IsInRoleAsync(user, Roles.Administrator) && await IsLastAdministratorAsync())
        {
            return LastAdministrator;
        }

        audit.Add(db, actor, "remove", AuditSubject.User(id, user.UserName!));
        if (!(await users.DeleteAsync(user)).Succeeded)
        {
            return Overtaken;
        }

        await transaction.CommitAsync(cancellationToken);
        return CommandResult.Accepted(id);
    }

    private static CommandResult Gone => CommandResult.Not(CommandOutcome.NotFound, "This user has been removed already.");

    // The transaction ends without a commit, so nothing of the change remains.
    private static CommandResult Overtaken =>
        CommandResult.Not(CommandOutcome.Conflict, "Somebody else has changed this user meanwhile. Load the page again and look before you try again.");

    private static CommandResult LastAdministrator =>
        CommandResult.Not(CommandOutcome.Refused, "This is the last administrator. Make somebody else an administrator first.");

    private static CommandResult NoSuchRole(string role) => CommandResult.Invalid([new FieldError("Role", $"There is no role {role}.")]);

    private async Task<AuditSubject> SubjectAsync(string id, CancellationToken cancellationToken) =>
        AuditSubject.User(
            id, await db.Users.Where(user => user.Id == id).Select(user => user.UserName).SingleOrDefaultAsync(cancellationToken) ?? "");

    private async Task<bool> IsLastAdministratorAsync() => (await users.GetUsersInRoleAsync(Roles.Administrator)).Count == 1;

    private async Task<CommandResult> CreateAsync(
        Actor actor, string name, string password, string role, bool onlyAsFirst, CancellationToken cancellationToken)
    {
        if (!AllRoles.Contains(role))
        {
            return NoSuchRole(role);
        }

        // Takes the write lock at once: of two first administrators at the same moment the second one finds the first.
        await using var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable, cancellationToken);
        if (onlyAsFirst && await db.Users.AnyAsync(cancellationToken))
        {
            firstRun.Close();
            return CommandResult.Not(CommandOutcome.Refused, "The first administrator exists already: sign in.");
        }

        var user = new PortalUser { UserName = name, CreatedAt = time.GetUtcNow() };
        var created = await users.CreateAsync(user, password);
        if (!created.Succeeded)
        {
            return CommandResult.Invalid([.. created.Errors.Select(Explain)]);
        }

        audit.Add(db, actor, onlyAsFirst ? "set up" : "add", AuditSubject.User(user.Id, name), new ChangeText().Field("Role", null, role));
        await users.AddToRoleAsync(user, role);
        await transaction.CommitAsync(cancellationToken);
        return CommandResult.Accepted(user.Id);
    }

    private static FieldError Explain(IdentityError error) =>
        new(error.Code.StartsWith("Password", StringComparison.Ordinal) ? "Password" : "Name", error.Description);
}
