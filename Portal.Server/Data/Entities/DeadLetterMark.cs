namespace Portal.Server.Data.Entities;

/// <summary>What was decided about a dead letter.</summary>
internal enum DeadLetterFate
{
    /// <summary>It was sent again, and Kafka confirmed it.</summary>
    SentAgain,

    /// <summary>Nobody wants it.</summary>
    Discarded,
}

/// <summary>
/// A dead letter that is done with. The letter itself stays in its topic, which only grows; so what is done is remembered here, and
/// forgotten when Kafka has deleted the letter.
/// </summary>
internal sealed class DeadLetterMark
{
    public long Id { get; init; }

    public required string KafkaInstanceId { get; init; }

    public required string Topic { get; init; }

    public required int Partition { get; init; }

    public required long Offset { get; init; }

    /// <summary>The timestamp of the record: in a topic that was deleted and created again the same offset is another letter.</summary>
    public required long Timestamp { get; init; }

    public required DeadLetterFate Fate { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string By { get; init; }
}
