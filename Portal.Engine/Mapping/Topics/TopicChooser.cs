using System.Text;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping.Topics;

/// <summary>A <see cref="TopicRule"/> made ready: says which Kafka topic a message goes to.</summary>
internal abstract class TopicChooser
{
    /// <exception cref="ArgumentException">The rule is not valid; the validator of specs says so before.</exception>
    public static TopicChooser Compile(TopicRule rule) => rule.Kind switch
    {
        TopicRuleKind.One => new One(rule.Text),
        TopicRuleKind.Map => new Map(rule.Rows),
        _ => TopicTemplate.TryParse(rule.Text, out var template, out var error)
            ? new Template(template)
            : throw new ArgumentException(error.ToString(), nameof(rule)),
    };

    /// <summary>The topic, the same string for the same topic; null with the reason when there is none.</summary>
    public abstract string? Choose(in InboundMessage message, KafkaRecord record, out string? failure);

    private sealed class One(string topic) : TopicChooser
    {
        public override string? Choose(in InboundMessage message, KafkaRecord record, out string? failure)
        {
            failure = null;
            return topic;
        }
    }

    private sealed class Map(IReadOnlyList<TopicMapRow> rows) : TopicChooser
    {
        private readonly (MqttTopicFilter Filter, string Topic)[] _rows = [.. rows.Select(row => (new MqttTopicFilter(row.Filter), row.Topic))];

        public override string? Choose(in InboundMessage message, KafkaRecord record, out string? failure)
        {
            failure = null;
            foreach (var (filter, topic) in _rows)
            {
                if (filter.Matches(message.Topic))
                {
                    return topic;
                }
            }

            failure = $"No row of the topic map matches the MQTT topic '{Encoding.UTF8.GetString(message.Topic)}'.";
            return null;
        }
    }

    private sealed class Template(TopicTemplate template) : TopicChooser
    {
        public override string? Choose(in InboundMessage message, KafkaRecord record, out string? failure) =>
            template.Name(message, record, out failure);
    }
}
