namespace Portal.Engine.Sampling;

/// <summary>How far a sample has come.</summary>
public enum SampleState
{
    /// <summary>Connecting and subscribing.</summary>
    Opening,

    /// <summary>Subscribed; messages are taken as they come.</summary>
    Listening,

    /// <summary>Over; nothing follows.</summary>
    Ended,
}

/// <summary>Why a sample ended.</summary>
public enum SampleEnd
{
    /// <summary>So many messages are kept as were asked for.</summary>
    Full,

    /// <summary>The time is over.</summary>
    TimeOver,

    /// <summary>So many bytes were read as may be.</summary>
    BytesRead,

    /// <summary>The broker refused the connection or every subscription, or could not be reached.</summary>
    Refused,

    /// <summary>The connection broke, or the broker ended it.</summary>
    Lost,
}

/// <summary>How many messages of a topic came.</summary>
/// <param name="Topic">The MQTT topic.</param>
/// <param name="Messages">How many.</param>
public sealed record SampledTopic(string Topic, long Messages);

/// <summary>A sample so far; each report takes the place of the one before.</summary>
public sealed record SampleReport
{
    /// <summary>How far it has come.</summary>
    public SampleState State { get; init; }

    /// <summary>When the time is over; null until it listens.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Why it ended; null before.</summary>
    public SampleEnd? End { get; init; }

    /// <summary>With <see cref="SampleEnd.Refused"/> and <see cref="SampleEnd.Lost"/> the cause in words; otherwise null.</summary>
    public string? Cause { get; init; }

    /// <summary>What should be known of a sample that goes on all the same, such as a filter that the broker refused.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The messages that are kept, newest first. Of each topic the newest stays longest.</summary>
    public IReadOnlyList<SampledMessage> Messages { get; init; } = [];

    /// <summary>How many messages came, kept or not.</summary>
    public long Received { get; init; }

    /// <summary>How many bytes of payloads and properties came.</summary>
    public long Bytes { get; init; }

    /// <summary>The topics that were heard, by name; at most <see cref="SampleOrder.MostTopics"/>.</summary>
    public IReadOnlyList<SampledTopic> Topics { get; init; } = [];

    /// <summary>Whether there were more topics than are counted.</summary>
    public bool MoreTopics { get; init; }
}
