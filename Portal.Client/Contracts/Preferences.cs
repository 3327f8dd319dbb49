namespace Portal.Client.Contracts;

/// <summary>A state of a list under a name.</summary>
/// <param name="Name">1 to 64 characters, unique in its list whatever the case.</param>
/// <param name="Query">What stands behind the list's path in the address, from the <c>?</c> on; empty for the list as it is at first. At most 2 000 characters.</param>
public sealed record SavedView(string Name, string Query);

/// <summary>How one person wants to see the console. Defaults are what nobody has changed.</summary>
public sealed record UserPreferences
{
    /// <summary>The zone of the browser.</summary>
    public const string BrowserZone = "browser";

    /// <summary><see cref="BrowserZone"/>, or the name of a zone in the IANA database, for example <c>UTC</c> or <c>Asia/Shanghai</c>.</summary>
    public string Zone { get; init; } = BrowserZone;

    /// <summary>Whether times are shown as date and time instead of as their distance from now.</summary>
    public bool AbsoluteTimes { get; init; }

    /// <summary>Whether single keys are commands (WCAG 2.1.4 asks that they can be switched off). Ctrl+K stays.</summary>
    public bool Keys { get; init; } = true;

    /// <summary>Whether the rows of lists are as low as they can be.</summary>
    public bool CompactRows { get; init; }

    /// <summary>The views that were saved, by list, each list's in the order of their names.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<SavedView>> Views { get; init; } = new Dictionary<string, IReadOnlyList<SavedView>>();

    /// <summary>The columns last chosen, by list, for example <c>tasks</c>; a list that is missing shows its own.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Columns { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>The preferences of whoever asks. They follow the person to every browser; nobody sees or changes another's.</summary>
public interface IPreferenceService
{
    /// <summary>Those of the person who is signed in, or the defaults.</summary>
    Task<UserPreferences> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores them. An unknown zone, too many views and names that are taken twice are refused as wrong input.</summary>
    Task<CommandResult> SaveAsync(UserPreferences preferences, CancellationToken cancellationToken);
}
