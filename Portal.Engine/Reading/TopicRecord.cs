namespace Portal.Engine.Reading;

/// <summary>A header as Kafka has it; names may come several times, and their order counts.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its bytes, or null.</param>
public sealed record KafkaHeader(string Name, byte[]? Value);

/// <summary>A record as Kafka has it.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset there.</param>
/// <param name="Timestamp">Milliseconds since 1970 UTC; 0 when it has none.</param>
/// <param name="Key">Its key, or null.</param>
/// <param name="Headers">Its headers, duplicates included, in order.</param>
/// <param name="Value">Its value, cut to <see cref="TopicScan.MaxValueBytes"/>; null is a tombstone.</param>
/// <param name="ValueBytes">How long the whole value is.</param>
public sealed record TopicRecord(
    int Partition, long Offset, long Timestamp, byte[]? Key, IReadOnlyList<KafkaHeader> Headers, byte[]? Value, int ValueBytes)
{
    /// <summary><see cref="Timestamp"/> as a time; null when it has none, or one that no calendar has.</summary>
    public DateTimeOffset? At =>
        Timestamp > 0 && Timestamp <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(Timestamp) : null;

    /// <summary>Whether <see cref="Value"/> is only the beginning.</summary>
    public bool IsTruncated => Value is not null && Value.Length < ValueBytes;
}
