namespace Portal.Sandbox.Mqtt.Groups;

/// <summary>A subscription of the form <c>$share/{group}/{filter}</c>.</summary>
internal readonly record struct SharedFilter(string Group, string Filter)
{
    private const string Prefix = "$share/";

    /// <summary>Whether a subscription asks for a shared group at all, well formed or not.</summary>
    public static bool IsShared(string subscription) => subscription.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reads one; null when the group is empty or holds a wildcard, or the filter breaks the rules of MQTT 5, 4.7.</summary>
    public static SharedFilter? Parse(string subscription)
    {
        var end = subscription.IndexOf('/', Prefix.Length);
        if (end <= Prefix.Length || subscription.AsSpan(Prefix.Length, end - Prefix.Length).ContainsAny('+', '#'))
        {
            return null;
        }

        var filter = subscription[(end + 1)..];
        return IsValid(filter) ? new SharedFilter(subscription[Prefix.Length..end], filter) : null;
    }

    private static bool IsValid(string filter)
    {
        if (filter.Length == 0 || filter.Contains('\0'))
        {
            return false;
        }

        var levels = filter.Split('/');
        return levels.Index().All(level =>
            level.Item is "+" || (level.Item is "#" && level.Index == levels.Length - 1) || !level.Item.AsSpan().ContainsAny('+', '#'));
    }
}
