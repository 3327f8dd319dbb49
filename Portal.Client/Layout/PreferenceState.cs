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

    /// <summary>Changes and stores them.</summary>
    public async Task<CommandResult> SaveAsync(Func<UserPreferences, UserPreferences> change)
    {
        var wanted = change(await ReadAsync());
        var result = await service.SaveAsync(wanted, CancellationToken.None);
        if (result.IsAccepted)
        {
            _current = wanted;
        }

        return result;
    }

    /// <summary>Remembers the columns of a list; none for the list's own.</summary>
    public Task<CommandResult> SaveColumnsAsync(string list, IReadOnlyList<string> columns) => SaveAsync(preferences =>
    {
        var all = new Dictionary<string, IReadOnlyList<string>>(preferences.Columns);
        all.Remove(list);
        if (columns.Count > 0)
        {
            all[list] = columns;
        }

        return preferences with { Columns = all };
    });
}
