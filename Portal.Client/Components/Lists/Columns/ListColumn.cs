namespace Portal.Client.Components.Lists.Columns;

/// <summary>A column of a list that can be shown or hidden.</summary>
/// <param name="Key">Its name in the address.</param>
/// <param name="Word">Its heading.</param>
/// <param name="Class">Classes of its heading, for example <c>right</c>.</param>
/// <param name="Sort">The order by it, as <c>ListQuery.Sort</c> names it, or null.</param>
/// <param name="IsShown">Whether it is shown to who has chosen nothing.</param>
/// <param name="Room">The class that hides it on a narrower screen as long as nobody asked for it, or null.</param>
public sealed record ListColumn(string Key, string Word, string? Class = null, string? Sort = null, bool IsShown = true, string? Room = null)
{
    /// <summary>The classes of a cell, when somebody asked for the column and when not.</summary>
    public string? ClassOf(bool asked) => asked || Room is null ? Class : Class is null ? Room : $"{Class} {Room}";

    /// <summary>The orders that a list with these columns has: by name, and by each column that can be sorted by.</summary>
    public static IReadOnlyList<(string Key, string Word)> Sorts(IReadOnlyList<ListColumn> columns) =>
        [("name", "Name"), .. from column in columns where column.Sort is not null select (column.Sort!, column.Word)];
}

/// <summary>The columns that a list shows now.</summary>
/// <param name="Shown">In order.</param>
/// <param name="Asked">Whether a person chose them.</param>
public sealed record ShownColumns(IReadOnlyList<ListColumn> Shown, bool Asked)
{
    /// <summary>What the address asks for, else what the person chose last, else the list's own.</summary>
    public static ShownColumns Of(IReadOnlyList<ListColumn> all, IReadOnlyList<string> address, IReadOnlyList<string>? remembered)
    {
        var chosen = address.Count > 0 ? address : remembered ?? [];
        List<ListColumn> known = [.. all.Where(column => chosen.Contains(column.Key))];
        return known.Count > 0 ? new(known, Asked: true) : new([.. all.Where(column => column.IsShown)], Asked: false);
    }

    /// <summary>Whether a column is shown.</summary>
    public bool Has(string key) => Shown.Any(column => column.Key == key);

    /// <summary>The classes of the cells of a column.</summary>
    public string? ClassOf(string key) => Shown.First(column => column.Key == key).ClassOf(Asked);

    /// <summary>The keys after showing or hiding one, in the list's own order.</summary>
    public IReadOnlyList<string> Toggled(IReadOnlyList<ListColumn> all, string key) =>
        [.. all.Where(column => column.Key == key ? !Has(key) : Has(column.Key)).Select(column => column.Key)];
}
