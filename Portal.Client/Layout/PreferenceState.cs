using Portal.Client.Contracts;

namespace Portal.Client.Layout;

/// <summary>The preferences of the person at this tab, read once. One a circuit.</summary>
public sealed class PreferenceState(IPreferenceService service)
{
    private UserPreferences? _current;

    /// <summary>The preferences; the defaults when they cannot be read, since no page must fail for want of them.</summary>
    public async Task<UserPreferences> ReadAsync()
    {
        try
        {
            return _current ??= await service.ReadAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new UserPreferences();
        }
    }

    /// <summary>
    /// Changes and stores them. Starts from what is stored now: another tab may have saved something else meanwhile. What cannot be read is not
    /// changed, or the defaults would take its place.
    /// </summary>
    public async Task<CommandResult> SaveAsync(Func<UserPreferences, UserPreferences> change)
    {
        UserPreferences stored;
        try
        {
            stored = await service.ReadAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return CommandResult.Not(CommandOutcome.Refused, $"Your preferences could not be read, so nothing was changed. {exception.Message} Try again.");
        }

        var wanted = change(stored);
        var result = await service.SaveAsync(wanted, CancellationToken.None);
        if (result.IsAccepted)
        {
            _current = wanted;
        }

        return result;
    }

    /// <summary>Remembers the columns of a list; none for the list's own.</summary>
    public Task<CommandResult> SaveColumnsAsync(string list, IReadOnlyList<string> columns) =>
        SaveAsync(preferences => preferences with { Columns = With(preferences.Columns, list, columns) });

    /// <summary>Saves a view of a list in the place of the one of that name, if there is one.</summary>
    public Task<CommandResult> SaveViewAsync(string list, SavedView view) => SaveAsync(preferences => preferences with
    {
        Views = With(preferences.Views, list, [.. Others(preferences, list, view.Name).Append(view).OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase)]),
    });

    /// <summary>Removes a view of a list.</summary>
    public Task<CommandResult> RemoveViewAsync(string list, string name) =>
        SaveAsync(preferences => preferences with { Views = With(preferences.Views, list, [.. Others(preferences, list, name)]) });

    private static IEnumerable<SavedView> Others(UserPreferences preferences, string list, string name) =>
        preferences.Views.GetValueOrDefault(list, []).Where(view => !view.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static Dictionary<string, IReadOnlyList<T>> With<T>(IReadOnlyDictionary<string, IReadOnlyList<T>> all, string list, IReadOnlyList<T> chosen)
    {
        var changed = new Dictionary<string, IReadOnlyList<T>>(all);
        changed.Remove(list);
        if (chosen.Count > 0)
        {
            changed[list] = chosen;
        }

        return changed;
    }
}
