namespace Portal.Client.Components.Lists.Selecting;

/// <summary>Compares two orders of rows.</summary>
public static class RowOrder
{
    /// <summary>How many rows would stand elsewhere, come or go if these were shown instead.</summary>
    public static int Moved(IReadOnlyList<string> shown, IReadOnlyList<string> next)
    {
        var places = shown.Select((id, place) => (id, place)).ToDictionary(row => row.id, row => row.place);
        var kept = next.Where(places.ContainsKey).Select(id => places[id]).ToList();
        var exchanged = Math.Max(next.Count, shown.Count) - kept.Count;
        return exchanged + kept.Count - LongestRise(kept);
    }

    // The rows that keep their order among each other are the longest rising sequence of old places.
    private static int LongestRise(IReadOnlyList<int> places)
    {
        var ends = new List<int>();
        foreach (var place in places)
        {
            var at = ends.BinarySearch(place);
            at = at < 0 ? ~at : at;
            if (at == ends.Count)
            {
                ends.Add(place);
            }
            else
            {
                ends[at] = place;
            }
        }

        return ends.Count;
    }
}
