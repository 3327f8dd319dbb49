using Portal.Client.Contracts;

namespace Portal.Client.Components.Lists.Selecting;

/// <summary>What is ticked in a list: ids, which stay so over pages, new orders and live changes; or all that match the filter.</summary>
public sealed class ListSelection
{
    private readonly HashSet<string> _ids = [];
    private ListQuery? _matching;

    /// <summary>How many are ticked one by one.</summary>
    public int Count => _ids.Count;

    /// <summary>Whether anything is selected.</summary>
    public bool IsAny => _matching is not null || _ids.Count > 0;

    /// <summary>Whether all that match the filter are selected, on whatever page.</summary>
    public bool IsMatching => _matching is not null;

    /// <summary>What to act on.</summary>
    public BulkSelection Chosen => _matching is { } query ? BulkSelection.Matching(query) : BulkSelection.Of([.. _ids.Order(StringComparer.Ordinal)]);

    /// <summary>Whether a row is selected.</summary>
    public bool Has(string id) => _matching is not null || _ids.Contains(id);

    /// <summary>Whether all of these are selected, and there is one.</summary>
    public bool HasAll(IReadOnlyCollection<string> ids) => ids.Count > 0 && ids.All(Has);

    /// <summary>Selects a row, or no longer. Whoever unticks one row of all that match means the rows that he sees.</summary>
    public void Set(string id, bool chosen, IEnumerable<string> shown)
    {
        if (_matching is not null)
        {
            Clear();
            _ids.UnionWith(shown);
        }

        if (chosen)
        {
            _ids.Add(id);
        }
        else
        {
            _ids.Remove(id);
        }
    }

    /// <summary>Selects all that match a filter.</summary>
    public void SelectMatching(ListQuery query)
    {
        _ids.Clear();
        _matching = query with { Page = 1, Sort = null, Columns = [] };
    }

    /// <summary>Drops what is gone.</summary>
    public void Drop(IEnumerable<string> gone) => _ids.ExceptWith(gone);

    /// <summary>Ticks all of a page, or none of it.</summary>
    public void SetAll(bool chosen, IReadOnlyList<string> shown)
    {
        foreach (var id in shown)
        {
            Set(id, chosen, shown);
        }
    }

    /// <summary>Takes another filter: what was ticked stays, "all that match" does not, since it meant the one before.</summary>
    public void Follow(ListQuery query)
    {
        if (_matching is { } before && !before.HasFilterOf(query))
        {
            _matching = null;
        }
    }

    /// <summary>Selects nothing.</summary>
    public void Clear()
    {
        _ids.Clear();
        _matching = null;
    }
}
