using Portal.Client.Contracts;

namespace Portal.Client.Components.Records;

/// <summary>The part of an address that says which records are shown; defaults are left out.</summary>
public static class RecordQueries
{
    /// <summary>What an address says. A count that is not offered, or a partition below 0, counts as not said.</summary>
    public static RecordQuery Parse(int? count, int? partition) => new()
    {
        Count = count is { } one && RecordQuery.Counts.Contains(one) ? one : new RecordQuery().Count,
        Partition = partition is >= 0 ? partition : null,
    };

    /// <summary>The address of a query under a path, with a topic when there are several.</summary>
    public static string Format(string path, string? topic, RecordQuery query)
    {
        List<string> parts = [];
        if (topic is not null)
        {
            parts.Add($"topic={Uri.EscapeDataString(topic)}");
        }

        if (query.Partition is { } partition)
        {
            parts.Add($"partition={partition}");
        }

        if (query.Count != new RecordQuery().Count)
        {
            parts.Add($"count={query.Count}");
        }

        return parts.Count == 0 ? path : $"{path}?{string.Join('&', parts)}";
    }
}
