using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.Security;

namespace Portal.Server.Preferences;

/// <summary>Reads and stores how a person wants to see the console. Not audited: it changes nothing but that person's own view.</summary>
internal sealed class PreferenceService(IDbContextFactory<PortalDb> databases, IActor actor) : IPreferenceService
{
    private const int MostColumns = 40;

    public async Task<UserPreferences> ReadAsync(CancellationToken cancellationToken)
    {
        if (await actor.FindAsync() is not { UserId: { } id })
        {
            return new UserPreferences();
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (await db.UserPreferences.AsNoTracking().FirstOrDefaultAsync(row => row.UserId == id, cancellationToken))?.Preferences ?? new UserPreferences();
    }

    public async Task<CommandResult> SaveAsync(UserPreferences preferences, CancellationToken cancellationToken)
    {
        if (await actor.FindAsync() is not { UserId: { } id })
        {
            return CommandResult.Not(CommandOutcome.Forbidden, "Sign in first.");
        }

        if (Check(preferences) is { Count: > 0 } errors)
        {
            return CommandResult.Invalid(errors);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.UserPreferences.FindAsync([id], cancellationToken) is { } row)
        {
            row.Preferences = preferences;
        }
        else if (await db.Users.AnyAsync(user => user.Id == id, cancellationToken))
        {
            db.Add(new UserPreferencesRow { UserId = id, Preferences = preferences });
        }
        else
        {
            return CommandResult.Not(CommandOutcome.Forbidden, "This user has been removed.");
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            return CommandResult.Not(CommandOutcome.Conflict, "Another window stored its choice at the same moment. Choose again.");
        }

        return CommandResult.Accepted();
    }

    private static List<FieldError> Check(UserPreferences preferences)
    {
        var errors = new List<FieldError>();
        if (preferences.Zone != UserPreferences.BrowserZone && !TimeZoneInfo.TryFindSystemTimeZoneById(preferences.Zone, out _))
        {
            errors.Add(new FieldError(nameof(preferences.Zone), $"There is no time zone {preferences.Zone}; write its name as in Asia/Shanghai."));
        }

        if (preferences.Columns.Count > MostColumns || preferences.Columns.Values.Any(columns => columns.Count > MostColumns))
        {
            errors.Add(new FieldError(nameof(preferences.Columns), $"At most {MostColumns} columns of {MostColumns} lists are remembered."));
        }

        return errors;
    }
}
