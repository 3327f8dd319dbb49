using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Audit;

namespace Portal.Server.Data;

internal static class SaveOutcome
{
    // https://sqlite.org/rescode.html
    private const int UniqueViolated = 2067;
    private const int ForeignKeyViolated = 787;

    /// <summary>
    /// Saves, and turns what another person did in the meantime into an answer. The checks before a save make most of these rare; only
    /// the database can make them certain.
    /// </summary>
    /// <returns>Null when it was saved.</returns>
    public static async Task<CommandResult?> SaveOrExplainAsync(this PortalDb db, AuditSubject subject, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (StorageException cause)
        {
            return CommandResult.Not(CommandOutcome.Refused, cause.Message);
        }
        catch (DbUpdateConcurrencyException)
        {
            return await db.ConflictAsync(subject, cancellationToken);
        }
        catch (DbUpdateException cause) when (cause.InnerException is SqliteException { SqliteExtendedErrorCode: UniqueViolated })
        {
            return CommandResult.Invalid([NameTaken(subject)]);
        }
        catch (DbUpdateException cause) when (cause.InnerException is SqliteException { SqliteExtendedErrorCode: ForeignKeyViolated })
        {
            return CommandResult.Not(
                CommandOutcome.Refused,
                $"Something that {subject.Described} refers to, or that refers to it, changed at this moment. Reload and try again.");
        }
    }

    /// <summary>Somebody saved a newer revision: says who.</summary>
    public static async Task<CommandResult> ConflictAsync(this PortalDb db, AuditSubject subject, CancellationToken cancellationToken)
    {
        // Several subjects have no id, and entries without one are about something else.
        var last = subject.Id.Length == 0 ? null : await db.AuditEntries
            .Where(entry => entry.ObjectId == subject.Id && entry.Result == AuditTrail.Done)
            .OrderByDescending(entry => entry.Id)
            .Select(entry => entry.Actor)
            .FirstOrDefaultAsync(cancellationToken);
        return CommandResult.Not(
            CommandOutcome.Conflict,
            $"{last ?? "Somebody"} changed {subject.Described} meanwhile. Reload to see it, then make your change again.");
    }

    public static FieldError NameTaken(AuditSubject subject) =>
        new("Name", $"Another {subject.Kind} is called {subject.Name} already. Upper and lower case do not count; choose another name.");
}
