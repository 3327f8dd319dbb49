using System.Globalization;
using System.Text;
using Portal.Engine.Reading;
using Portal.Engine.Sinks.Failures;

namespace Portal.Engine.Replay;

/// <summary>A dead letter as it was found in its topic, with its envelope read.</summary>
/// <param name="Record">The record as Kafka has it, envelope included.</param>
/// <param name="Reason">Why it was refused, in words.</param>
/// <param name="Code">The same as a code; empty when the letter was written before there were codes.</param>
/// <param name="TaskId">Whose it is.</param>
/// <param name="At">When it was given up.</param>
/// <param name="MqttTopic">The MQTT topic, or null when the letter does not say.</param>
/// <param name="Target">The Kafka topic that it was meant for, or null.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Size">How long the value is, or was before it was cut.</param>
/// <param name="IsCut">Whether the value was stored cut, so that it cannot be sent again.</param>
public sealed record DeadLetter(
    TopicRecord Record, string Reason, string Code, string TaskId, DateTimeOffset At, string? MqttTopic, string? Target, int Attempts, int Size, bool IsCut)
{
    /// <summary>The headers of the message's own record, without the envelope.</summary>
    public IEnumerable<KafkaHeader> OwnHeaders =>
        Record.Headers.Where(header => !header.Name.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal));

    /// <summary>Reads the envelope of a record; null when it has none, as a record that somebody else wrote.</summary>
    public static DeadLetter? TryParse(TopicRecord record)
    {
        if (Text(record, DeadLetterHeaders.Reason) is not { } reason || Text(record, DeadLetterHeaders.Task) is not { } task)
        {
            return null;
        }

        var at = DateTimeOffset.TryParse(Text(record, DeadLetterHeaders.Time), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : record.At ?? DateTimeOffset.UnixEpoch;
        var size = Number(Text(record, DeadLetterHeaders.Size));
        return new DeadLetter(
            record,
            reason,
            Text(record, DeadLetterHeaders.Code) ?? "",
            task,
            at,
            Text(record, DeadLetterHeaders.Topic),
            Text(record, DeadLetterHeaders.Target),
            Number(Text(record, DeadLetterHeaders.Attempts)) ?? 0,
            size ?? record.ValueBytes,
            size is not null);
    }

    /// <summary>The last of a name counts: the envelope stands behind the message's own headers.</summary>
    private static string? Text(TopicRecord record, string name) =>
        record.Headers.LastOrDefault(header => header.Name == name)?.Value is { } value ? Encoding.UTF8.GetString(value) : null;

    private static int? Number(string? text) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}
