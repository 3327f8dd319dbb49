using Portal.Client.Components.Texts;

namespace Portal.Client.Wizards.ConnectorTasks;

/// <summary>How two MQTT topic filters lie to each other.</summary>
public enum TopicOverlap
{
    /// <summary>No topic matches both.</summary>
    None,

    /// <summary>Some topics match both.</summary>
    Some,

    /// <summary>All that the second matches, the first matches too.</summary>
    FirstCoversSecond,

    /// <summary>All that the first matches, the second matches too.</summary>
    SecondCoversFirst,
}

/// <summary>What can be told of MQTT topic filters by looking at them (MQTT 5, section 4.7).</summary>
public static class TopicFilter
{
    private const int MostOverlaps = 5;

    /// <summary>
    /// Takes apart what was typed or pasted: filters between commas and line ends, without the blanks around them, each once.
    /// </summary>
    public static IReadOnlyList<string> Split(string text) =>
        [.. text.Split([',', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    /// <summary>How two filters overlap.</summary>
    public static TopicOverlap Overlap(string first, string second)
    {
        var (a, b) = (first.Split('/'), second.Split('/'));
        return Covers(a, b) ? TopicOverlap.FirstCoversSecond
            : Covers(b, a) ? TopicOverlap.SecondCoversFirst
            : Meet(a, b) ? TopicOverlap.Some
            : TopicOverlap.None;
    }

    /// <summary>
    /// One sentence for each pair that overlaps, for the first five, and one that counts the rest. Each filter is a shared subscription of its
    /// own, so the broker sends a message that matches two of them twice.
    /// </summary>
    public static IReadOnlyList<string> OverlapWarnings(IReadOnlyList<string> filters)
    {
        var pairs = from first in Enumerable.Range(0, filters.Count)
                    from second in Enumerable.Range(first + 1, filters.Count - first - 1)
                    select Warning(filters[first], filters[second]);
        var warnings = pairs.OfType<string>().ToList();
        return warnings.Count <= MostOverlaps
            ? warnings
            : [.. warnings.Take(MostOverlaps), $"{Numbers.Count(warnings.Count - MostOverlaps)} more pairs of these filters overlap."];
    }

    private static string? Warning(string first, string second) => Overlap(first, second) switch
    {
        TopicOverlap.FirstCoversSecond => $"“{first}” already covers “{second}”: each message there arrives twice. Remove “{second}”.",
        TopicOverlap.SecondCoversFirst => $"“{second}” already covers “{first}”: each message there arrives twice. Remove “{first}”.",
        TopicOverlap.Some => $"“{first}” and “{second}” overlap: a message whose topic matches both arrives twice.",
        _ => null,
    };

    private static bool Covers(ReadOnlySpan<string> wide, ReadOnlySpan<string> narrow)
    {
        if (StartsWithWildcard(wide) && StartsWithDollar(narrow))
        {
            return false;
        }

        for (var level = 0; level < wide.Length; level++)
        {
            if (wide[level] == "#")
            {
                return true;
            }

            if (level == narrow.Length || narrow[level] == "#" || (wide[level] != "+" && wide[level] != narrow[level]))
            {
                return false;
            }
        }

        return wide.Length == narrow.Length;
    }

    private static bool Meet(ReadOnlySpan<string> a, ReadOnlySpan<string> b)
    {
        if ((StartsWithWildcard(a) && StartsWithDollar(b)) || (StartsWithWildcard(b) && StartsWithDollar(a)))
        {
            return false;
        }

        for (var level = 0; level < Math.Max(a.Length, b.Length); level++)
        {
            var (left, right) = (level < a.Length ? a[level] : null, level < b.Length ? b[level] : null);
            if (left == "#" || right == "#")
            {
                return true;
            }

            if (left is null || right is null || (left != right && left != "+" && right != "+"))
            {
                return false;
            }
        }

        return true;
    }

    // A wildcard at the front does not match topics that begin with $ (MQTT-4.7.2-1).
    private static bool StartsWithWildcard(ReadOnlySpan<string> levels) => levels[0] is "#" or "+";

    private static bool StartsWithDollar(ReadOnlySpan<string> levels) => levels[0].StartsWith('$');
}
