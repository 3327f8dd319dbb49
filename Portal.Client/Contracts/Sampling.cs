using System.Text.Json.Serialization;

namespace Portal.Client.Contracts;

/// <summary>How far a sample has come.</summary>
public enum SampleProgress
{
    /// <summary>Connecting and subscribing.</summary>
    Opening,

    /// <summary>Subscribed; messages are taken as they come.</summary>
    Listening,

    /// <summary>Over; nothing follows.</summary>
    Ended,
}

/// <summary>What to listen to.</summary>
public sealed record SampleRequest
{
    /// <summary>The connection to listen through.</summary>
    public required string ConnectionId { get; init; }

    /// <summary>MQTT topic filters, 1 to 200, without a group.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The task that it is for, or null: only for the audit.</summary>
    public string? TaskId { get; init; }

    /// <summary>How many messages are kept, 1 to 100. Default 20.</summary>
    public int Messages { get; init; } = 20;

    /// <summary>Whether it ends as soon as so many are kept. Default true; false goes on, and newer ones take the place of older ones.</summary>
    public bool EndsWhenFull { get; init; } = true;

    /// <summary>How long to listen, 1 to 300. Default 30.</summary>
    public int Seconds { get; init; } = 30;
}

/// <summary>A name with a text.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The text.</param>
public sealed record NamedText(string Name, string Value);

/// <summary>An MQTT message that was sampled, or written by a person.</summary>
public sealed record MessageSample
{
    /// <summary>The topic name.</summary>
    public required string Topic { get; init; }

    /// <summary>The payload; base64 in JSON.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>0, 1 or 2. A sample is delivered with 0, whatever it was published with. Default 1.</summary>
    public int Qos { get; init; } = 1;

    /// <summary>Whether the broker had it retained.</summary>
    public bool Retained { get; init; }

    /// <summary>When it was received.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The user properties: duplicates kept, in order.</summary>
    public IReadOnlyList<NamedText> UserProperties { get; init; } = [];

    /// <summary>Content type (MQTT 5), or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>Response topic (MQTT 5), or null.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Correlation data (MQTT 5), or null; base64 in JSON.</summary>
    public byte[]? CorrelationData { get; init; }

    /// <summary>The seconds that remain of the message expiry (MQTT 5), or null.</summary>
    public long? ExpirySeconds { get; init; }

    /// <summary>The payload format indicator (MQTT 5), 0 or 1, or null.</summary>
    public int? PayloadFormat { get; init; }

    /// <summary>The subscription identifiers (MQTT 5), 1 to 268 435 455.</summary>
    public IReadOnlyList<int> Subscriptions { get; init; } = [];
}

/// <summary>How many messages of a topic came.</summary>
/// <param name="Topic">The MQTT topic.</param>
/// <param name="Messages">How many.</param>
public sealed record TopicCount(string Topic, long Messages);

/// <summary>A sample so far; each view takes the place of the one before.</summary>
public sealed record SampleView : IRefusable
{
    /// <inheritdoc/>
    [JsonIgnore]
    public CommandResult? Refusal { get; init; }

    /// <summary>How far it has come.</summary>
    public SampleProgress Progress { get; init; }

    /// <summary>When the time is over; null until it listens.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Why it ended, in words; null before.</summary>
    public string? Ending { get; init; }

    /// <summary>Whether it ended because something is wrong.</summary>
    public bool Failed { get; init; }

    /// <summary>What should be known of a sample that goes on all the same.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The messages that are kept, newest first.</summary>
    public IReadOnlyList<MessageSample> Messages { get; init; } = [];

    /// <summary>How many messages came, kept or not.</summary>
    public long Received { get; init; }

    /// <summary>The topics that were heard, by name; at most 200.</summary>
    public IReadOnlyList<TopicCount> Topics { get; init; } = [];

    /// <summary>Whether there were more topics than are counted.</summary>
    public bool MoreTopics { get; init; }
}

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; base64 in JSON.</param>
public sealed record RecordHeader(string Name, byte[] Value);

/// <summary>The Kafka record that a task would make of a message.</summary>
public sealed record RecordView
{
    /// <summary>Whether the filter lets the message pass; null while the filter has an error.</summary>
    public bool? Passes { get; init; }

    /// <summary>Why the mapping cannot be applied to this message, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>The target topic; null while it is not chosen, or when that is what failed.</summary>
    public string? Topic { get; init; }

    /// <summary>The key; null for none; base64 in JSON.</summary>
    public byte[]? Key { get; init; }

    /// <summary>Which partition, in words, for example <c>by key</c>.</summary>
    public string Partition { get; init; } = "";

    /// <summary>The record's timestamp.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>Whether the value is null; otherwise it is the payload, untouched.</summary>
    public bool IsTombstone { get; init; }

    /// <summary>All headers, in order.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];
}

/// <summary>Messages, and what a draft would make of them.</summary>
public sealed record MappingPreview
{
    /// <summary>A record for each message, in the same order.</summary>
    public IReadOnlyList<RecordView> Records { get; init; } = [];

    /// <summary>Names in the filter that none of the messages has, each with its place in the filter. A hint, not an error.</summary>
    public IReadOnlyList<FieldError> Hints { get; init; } = [];
}

/// <summary>What a preview is asked for.</summary>
public sealed record PreviewRequest
{
    /// <summary>The settings of the task; only filter, mapping, target topic and partitioning count.</summary>
    public required ConnectorTaskDraft Settings { get; init; }

    /// <summary>At most 100 messages.</summary>
    public required IReadOnlyList<MessageSample> Messages { get; init; }

    /// <summary>How many partitions topics have, as far as it is known; a partition is then told by its number.</summary>
    public IReadOnlyDictionary<string, int> Partitions { get; init; } = new Dictionary<string, int>();
}

/// <summary>
/// Live messages of a connection, and what a task would make of them. Authorisation is inside: listening needs the role Administrator and
/// is audited, with its beginning and its end; a preview reads nothing but what it is given.
/// </summary>
public interface ISamplingService
{
    /// <summary>
    /// Listens with a client of its own outside of every group, at QoS 0, and leaves nothing at the broker: no task misses a message. What is
    /// wrong with the request, or refused, comes as an ended view that says so.
    /// </summary>
    IAsyncEnumerable<SampleView> ListenAsync(SampleRequest request, CancellationToken cancellationToken);

    /// <summary>All that is wrong with a request.</summary>
    IReadOnlyList<FieldError> Check(SampleRequest request);

    /// <summary>All that is wrong with messages that a person wrote.</summary>
    IReadOnlyList<FieldError> Check(PreviewRequest request);

    /// <summary>The record of each message by the mapper and the filter that a task runs. Asks no broker and no Kafka. The request has passed <see cref="Check(PreviewRequest)"/>.</summary>
    MappingPreview Preview(PreviewRequest request);
}
