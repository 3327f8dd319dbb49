using System.Text.RegularExpressions;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail.Messages;

/// <summary>The topics that a task writes to.</summary>
public static partial class TargetTopics
{
    /// <summary>Those that the settings name; null when only the messages name them.</summary>
    public static IReadOnlyList<string>? Named(ConnectorTaskDraft settings) => settings.Distribution switch
    {
        DistributionPolicy.OneTopic => [settings.Topic],
        DistributionPolicy.TopicMap => [.. settings.TopicMap.Select(row => row.Topic).Distinct()],
        _ => null,
    };

    /// <summary>Those of the existing topics that the template may have named.</summary>
    public static IReadOnlyList<string> Fitting(string template, IEnumerable<string> existing)
    {
        var pattern = string.Concat(Placeholder().Split(template).Select((text, index) => index == 0 ? Regex.Escape(text) : $".*{Regex.Escape(text)}"));
        var rule = new Regex($"^{pattern}$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return [.. existing.Where(topic => rule.IsMatch(topic))];
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();
}
