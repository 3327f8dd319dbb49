using System.Text;
using Portal.Engine.Mapping.Topics;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="SourceSpec"/>.</summary>
internal static class SourceValidation
{
    private const int MaxGroup = 64;
    private const int MaxFilterBytes = 65_535;

    public static void Check(SourceSpec source, SpecErrors errors)
    {
        BrokerValidation.Check(source.Broker, errors.Under(nameof(source.Broker)));
        CheckGroup(source.Group, errors.Under(nameof(source.Group)));
        errors.Need(source.Qos is >= 0 and <= 2, nameof(source.Qos), $"QoS is 0, 1 or 2; this is {source.Qos}.");
        errors.Between(nameof(source.Window), source.Window, 1, 65_535, "The number of open messages");
        errors.Between(nameof(source.KeepAlive), source.KeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(65_535), "Keep alive");
        errors.Between(
            nameof(source.SessionExpiry),
            source.SessionExpiry,
            source.CleanSession ? TimeSpan.Zero : TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(uint.MaxValue),
            "The time for which the broker keeps a session");
    }

    private static void CheckGroup(SharedSubscriptionGroup group, SpecErrors errors)
    {
        errors.Need(
            group.Name.Length is >= 1 and <= MaxGroup && group.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'),
            nameof(group.Name),
            $"A group name has 1 to {MaxGroup} letters, digits and _; '{group.Name}' does not.");
        errors.Need(group.Filters.Count > 0, nameof(group.Filters), "At least one topic filter is needed.");
        for (var i = 0; i < group.Filters.Count; i++)
        {
            var filter = group.Filters[i];
            errors.Take($"{nameof(group.Filters)}[{i}]", CheckFilter(group, filter, group.Filters.Take(i)));
        }
    }

    private static string? CheckFilter(SharedSubscriptionGroup group, string filter, IEnumerable<string> before) =>
        MqttTopicFilter.Check(filter)
        ?? (before.Contains(filter) ? $"'{filter}' is in the list already." : null)
        ?? (Encoding.UTF8.GetByteCount(group.Subscription(filter)) > MaxFilterBytes
            ? $"With the group's name before it the filter is longer than the {MaxFilterBytes} bytes that MQTT allows."
            : null);
}
