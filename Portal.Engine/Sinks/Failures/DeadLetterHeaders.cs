using System.Globalization;
using System.Security.Cryptography;
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

    /// <summary>The same as a code that never changes: see <see cref="RefusalReasons.Code"/>.</summary>
    public const string Code = Prefix + "code";

    /// <summary>The id of the connector task.</summary>
    public const string Task = Prefix + "task";

    /// <summary>The name of the connector task when its run began.</summary>
    public const string TaskName = Prefix + "task.name";

    /// <summary>The revision of the connector task when its run began, decimal.</summary>
    public const string Revision = Prefix + "revision";

    /// <summary>When it was given up: ISO 8601, UTC, with milliseconds.</summary>
    public const string Time = Prefix + "time";

    /// <summary>The MQTT topic; absent only when the mapping writes no message headers and Kafka itself refused the record.</summary>
    public const string Topic = Prefix + "topic";

    /// <summary>The Kafka topic that it was meant for; absent when the mapping could not name one.</summary>
    public const string Target = Prefix + "target";

    /// <summary>How often it was tried: 0 when its mapping failed, 1 without retries.</summary>
    public const string Attempts = Prefix + "attempts";

    /// <summary>Only on a value that was cut: how many bytes it had, decimal.</summary>
    public const string Size = Prefix + "size";

    /// <summary>Only on a value that was cut: the SHA-256 of all of it, hexadecimal.</summary>
    public const string Hash = Prefix + "sha256";

    /// <summary>Only on a record whose own timestamp its topic did not take: what it was, milliseconds since 1970, decimal.</summary>
    public const string Timestamp = Prefix + "timestamp";

    /// <summary>What is kept of a value that is cut.</summary>
    public const int CutBytes = 64 * 1024;

    /// <summary>Adds them to a record.</summary>
    internal static void Add(KafkaRecord record, Refusal refusal, DeadLetterOrigin origin, DateTimeOffset time)
    {
        var topic = MqttTopic(record);
        Add(record, Reason, refusal.Reason);
        AddSome(record, Code, refusal.Code.Code());
        Add(record, Task, origin.TaskId);
        AddSome(record, TaskName, origin.TaskName);
        AddSome(record, Revision, origin.Revision?.ToString(CultureInfo.InvariantCulture));
        Add(record, Time, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        AddSome(record, Topic, topic);
        AddSome(record, Target, record.Topic.Length > 0 ? record.Topic : null);
        Add(record, Attempts, refusal.Attempts.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Says what a value was that is about to be cut to <see cref="CutBytes"/>.</summary>
    internal static void AddCut(KafkaRecord record, ReadOnlySpan<byte> value)
    {
        Add(record, Size, value.Length.ToString(CultureInfo.InvariantCulture));
        Add(record, Hash, Convert.ToHexStringLower(SHA256.HashData(value)));
    }

    /// <summary>Says what the timestamp of a record was that is about to get another.</summary>
    internal static void AddTimestamp(KafkaRecord record) => Add(record, Timestamp, record.Timestamp.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds one.</summary>
    internal static void Add(KafkaRecord record, string name, string value) =>
        record.AddHeader(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));

    private static void AddSome(KafkaRecord record, string name, string? value)
    {
        if (value is not null)
        {
            Add(record, name, value);
        }
    }

    private static string? MqttTopic(KafkaRecord record)
    {
        if (!record.MqttTopic.IsEmpty)
        {
            return Encoding.UTF8.GetString(record.MqttTopic);
        }

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
