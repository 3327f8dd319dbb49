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
    private const int MostViews = 50;
    private const int LongestName = 64;
    private const int LongestQuery = 2_000;

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

        if (preferences.Views.Count > MostColumns || preferences.Views.Values.Any(views => views.Count > MostViews))
        {
            errors.Add(new FieldError(nameof(preferences.Views), $"At most {MostViews} views of a list are kept. Remove one that you do not need any more."));
        }

        foreach (var (list, views) in preferences.Views)
        {
            errors.AddRange(Check(list, views));
        }

        return errors;
    }

    private static IEnumerable<FieldError> Check(string list, IReadOnlyList<SavedView> views)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, view) in views.Index())
        {
            var field = $"{nameof(UserPreferences.Views)}.{list}[{index}]";
            if (view.Name.Trim().Length is 0 or > LongestName)
            {
                yield return new FieldError(field, $"The name of a view has 1 to {LongestName} characters.");
            }

            if (!names.Add(view.Name.Trim()))
            {
                yield return new FieldError(field, $"There is a view named {view.Name} already.");
            }

            if (view.Query.Length > LongestQuery || (view.Query.Length > 0 && view.Query[0] != '?'))
            {
                yield return new FieldError(field, $"The query of a view begins with ? and has at most {LongestQuery} characters.");
            }
        }
    }
}
