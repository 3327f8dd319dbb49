using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Cells;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail.DeadLetters;

/// <summary>How dead letters are named on pages and in addresses.</summary>
public static class DeadLetterLooks
{
    /// <summary>A code in words.</summary>
    public static string Word(string code) => code switch
    {
        "mapping-failed" => "Mapping failed",
        "too-large" => "Too large",
        "invalid-record" => "Invalid record",
        "topic-unusable" => "Topic unusable",
        "" => "Other",
        _ => code,
    };

    /// <summary>How a group came about, as a picture.</summary>
    public static MarkupString Course(DeadLetterGroup group, TimeWindow window, ViewerZone zone)
    {
        var when = window.IsAny ? "in each of the last 24 hours" : $"{zone.Words(window)}, in {group.Bars.Count} steps";
        return Sparkline.Of([.. group.Bars.Select(count => (double)count)], $"Given up {when}: {string.Join(", ", group.Bars.Select(count => Numbers.Count(count)))}");
    }

    /// <summary>The query of an address; empty for all, on page 1.</summary>
    /// <param name="filter">Reason and topic of it.</param>
    /// <param name="window">The time.</param>
    /// <param name="page">From 1.</param>
    public static string Query(DeadLetterFilter filter, TimeWindow window, int page) =>
        Address("", [("reason", filter.Group), ("topic", filter.MqttTopic), .. window.Pairs, ("page", page > 1 ? $"{page}" : null)]);

    /// <summary>A path with what of these is given.</summary>
    public static string Address(string path, IEnumerable<(string Key, string? Value)> pairs)
    {
        var query = string.Join('&', pairs.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    /// <summary>What of an address was wrong, as it stands there.</summary>
    public static IReadOnlyList<string> Ignored(IReadOnlyList<FieldError> wrong, string? age, string? from, string? to) =>
        [.. wrong.Select(error => $"{error.Field}={error.Field switch { "age" => age, "from" => from, _ => to }}")];
}
