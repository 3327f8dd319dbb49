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

    /// <summary>The query of an address; empty for all, on page 1.</summary>
    public static string Query(DeadLetterFilter filter, int page)
    {
        List<string> parts = [];
        if (filter.Group is { } group)
        {
            parts.Add($"reason={Uri.EscapeDataString(group)}");
        }

        if (filter.MqttTopic is { Length: > 0 } topic)
        {
            parts.Add($"topic={Uri.EscapeDataString(topic)}");
        }

        if (page > 1)
        {
            parts.Add($"page={page}");
        }

        return parts.Count == 0 ? "" : $"?{string.Join('&', parts)}";
    }
}
