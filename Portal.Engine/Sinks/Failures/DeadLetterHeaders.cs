using System.Globalization;
using System.Text;
using Portal.Engine.Mapping;

namespace Portal.Engine.Sinks.Failures;

/// <summary>
/// The headers that a dead letter has beyond the record's own. Key, value, timestamp and headers of the record are untouched and
/// come first, so that replaying a dead letter means: leave out the headers with this prefix and write it again.
/// </summary>
/// <remarks>
/// A record that was kept raw in the target topic (<see cref="Specs.FailureAction.KeepRaw"/>) carries <see cref="Reason"/> alone.
/// All values are UTF-8 texts.
/// </remarks>
public static class DeadLetterHeaders
{
    /// <summary>Begins every one of these names.</summary>
    public const string Prefix = "dead.letter.";

    /// <summary>Why it was refused, in words.</summary>
    public const string Reason = Prefix + "reason";

    /// <summary>The id of the connector task.</summary>
    public const string Task = Prefix + "task";

    /// <summary>When it was given up: ISO 8601, UTC, with milliseconds.</summary>
    public const string Time = Prefix + "time";

    /// <summary>The MQTT topic, as the record's header <c>mqtt.topic</c> (with any prefix) has it; absent when the mapping leaves that out.</summary>
    public const string Topic = Prefix + "topic";

    /// <summary>The Kafka topic that it was meant for; absent when the mapping could not name one.</summary>
    public const string Target = Prefix + "target";

    /// <summary>How often it was tried: 0 when its mapping failed, 1 without retries.</summary>
    public const string Attempts = Prefix + "attempts";

    /// <summary>Adds them to a record.</summary>
    internal static void Add(KafkaRecord record, string reason, string taskId, DateTimeOffset time, int attempts)
    {
        var topic = MqttTopic(record);
        Add(record, Reason, reason);
        Add(record, Task, taskId);
        Add(record, Time, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (topic is not null)
        {
            Add(record, Topic, topic);
        }

        if (record.Topic.Length > 0)
        {
            Add(record, Target, record.Topic);
        }

        Add(record, Attempts, attempts.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Adds one.</summary>
    internal static void Add(KafkaRecord record, string name, string value) =>
        record.AddHeader(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    private static string? MqttTopic(KafkaRecord record)
    {
        foreach (var header in record.Headers)
        {
            if (record.Name(header).EndsWith("mqtt.topic"u8))
            {
                return Encoding.UTF8.GetString(record.Value(header));
            }
        }

        return null;
    }
}
