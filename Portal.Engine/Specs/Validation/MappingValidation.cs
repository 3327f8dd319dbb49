using Portal.Engine.Mapping.Payloads;
using Portal.Engine.Mapping.Templates;
using Portal.Engine.Mapping.Topics;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="MappingSpec"/>.</summary>
internal static class MappingValidation
{
    private const int MaxPrefix = 200;

    public static void Check(MappingSpec mapping, SpecErrors errors)
    {
        CheckKey(mapping.Key, mapping.KeyArgument ?? "", errors);
        errors.Take(nameof(mapping.TimestampPath), mapping.Timestamp == TimestampSource.PayloadPath ? CheckPath(mapping.TimestampPath ?? "") : null);
        errors.Need(
            mapping.HeaderPrefix.Length <= MaxPrefix && !mapping.HeaderPrefix.Contains('\0'),
            nameof(mapping.HeaderPrefix),
            $"A header prefix has at most {MaxPrefix} characters, none of them the zero character.");
        CheckTopics(mapping.Topics, errors.Under(nameof(mapping.Topics)));
    }

    private static void CheckKey(KeySource source, string argument, SpecErrors errors)
    {
        const string Field = nameof(MappingSpec.KeyArgument);
        errors.Need(source != KeySource.UserProperty || argument.Length > 0, Field, "Name the user property that is to be the key.");
        switch (source)
        {
            case KeySource.PayloadPath:
                errors.Take(Field, CheckPath(argument));
                break;
            case KeySource.Template when argument.Length == 0:
                errors.Add(Field, "Write the template of the key, for example {clientid}/{topic[1]}.");
                break;
            case KeySource.Template:
                errors.Take(Field, MessageTemplate.TryParse(argument, out _, out var error) ? null : error);
                break;
        }
    }

    private static SyntaxError? CheckPath(string path) => JsonPath.TryParse(path, out _, out var error) ? null : error;

    private static void CheckTopics(TopicRule topics, SpecErrors errors)
    {
        switch (topics.Kind)
        {
            case TopicRuleKind.One:
                errors.Take(nameof(topics.Text), KafkaTopicName.Check(topics.Text));
                break;
            case TopicRuleKind.Template:
                errors.Take(nameof(topics.Text), TopicTemplate.TryParse(topics.Text, out _, out var error) ? null : error);
                break;
            default:
                CheckRows(topics.Rows, errors);
                break;
        }
    }

    private static void CheckRows(IReadOnlyList<TopicMapRow> rows, SpecErrors errors)
    {
        errors.Need(rows.Count > 0, nameof(TopicRule.Rows), "At least one row is needed: an MQTT filter and its Kafka topic.");
        for (var i = 0; i < rows.Count; i++)
        {
            var row = errors.Under($"{nameof(TopicRule.Rows)}[{i}]");
            row.Take(nameof(TopicMapRow.Topic), KafkaTopicName.Check(rows[i].Topic));
            row.Take(nameof(TopicMapRow.Filter), MqttTopicFilter.Check(rows[i].Filter) ?? CheckReached(rows, i));
        }
    }

    private static string? CheckReached(IReadOnlyList<TopicMapRow> rows, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (MqttTopicFilter.Check(rows[i].Filter) is null && MqttTopicFilter.Covers(rows[i].Filter, rows[index].Filter))
            {
                return $"This row is never used: the first matching row counts, and row {i + 1} ('{rows[i].Filter}') matches all that it does.";
            }
        }

        return null;
    }
}
