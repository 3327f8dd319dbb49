namespace Portal.Engine.Specs;

/// <summary>What a record's key is made of.</summary>
public enum KeySource
{
    /// <summary>The MQTT topic.</summary>
    Topic,

    /// <summary>The user property <c>$__messageId</c>.</summary>
    MessageId,

    /// <summary>The user property <c>$__publisherClientId</c>.</summary>
    PublisherClientId,

    /// <summary>The user property named by <see cref="MappingSpec.KeyArgument"/>; of duplicates the last.</summary>
    UserProperty,

    /// <summary>The value at the JSON path <see cref="MappingSpec.KeyArgument"/> of the payload.</summary>
    PayloadPath,

    /// <summary>The template <see cref="MappingSpec.KeyArgument"/>.</summary>
    Template,

    /// <summary>No key.</summary>
    None,
}

/// <summary>What a record's timestamp is.</summary>
public enum TimestampSource
{
    /// <summary>When the message was received.</summary>
    Received,

    /// <summary>The user property <c>$__messageTimestamp</c>, milliseconds since 1970.</summary>
    MessageTimestamp,

    /// <summary>The value at the JSON path <see cref="MappingSpec.TimestampPath"/>: a number of milliseconds since 1970, or an ISO 8601 text.</summary>
    PayloadPath,
}

/// <summary>Groups of record headers that can be left out.</summary>
[Flags]
public enum HeaderGroups
{
    /// <summary>No headers.</summary>
    None = 0,

    /// <summary><c>mqtt.topic</c>, <c>mqtt.message.packet.id</c>, <c>mqtt.duplicate</c>, <c>mqtt.qos</c>, <c>mqtt.retained</c>.</summary>
    Message = 1,

    /// <summary>The MQTT 5 properties, <c>mqtt.content.type</c> and so on.</summary>
    Properties = 2,

    /// <summary>The extension fields <c>$__messageId</c> and so on.</summary>
    Extensions = 4,

    /// <summary>Every other user property, under its own name, duplicates kept, in order.</summary>
    UserProperties = 8,

    /// <summary>Everything; the default.</summary>
    All = Message | Properties | Extensions | UserProperties,
}

/// <summary>How a message becomes a record. The value is always the payload, untouched.</summary>
public sealed record MappingSpec
{
    /// <summary>Default: the MQTT topic.</summary>
    public KeySource Key { get; init; }

    /// <summary>The property name, JSON path or template that <see cref="Key"/> needs; otherwise null.</summary>
    public string? KeyArgument { get; init; }

    /// <summary>Default: the time of receipt.</summary>
    public TimestampSource Timestamp { get; init; }

    /// <summary>The JSON path that <see cref="TimestampSource.PayloadPath"/> needs; otherwise null.</summary>
    public string? TimestampPath { get; init; }

    /// <summary>Put before every header name. Default empty.</summary>
    public string HeaderPrefix { get; init; } = "";

    /// <summary>Which headers are written. Default all.</summary>
    public HeaderGroups Headers { get; init; } = HeaderGroups.All;

    /// <summary>Whether an empty payload becomes a null value, which compacted topics read as a deletion. Default false: an empty value.</summary>
    public bool EmptyPayloadIsTombstone { get; init; }

    /// <summary>Which topic a record goes to.</summary>
    public TopicRule Topics { get; init; } = TopicRule.One("");

    /// <summary>Whether both map every message to the same record.</summary>
    public bool SameAs(MappingSpec other) => this with { Topics = other.Topics } == other && Topics.SameAs(other.Topics);
}

/// <summary>The kinds of <see cref="TopicRule"/>.</summary>
public enum TopicRuleKind
{
    /// <summary>Every record goes to one topic.</summary>
    One,

    /// <summary>The first row whose MQTT filter matches decides; a message that matches none fails.</summary>
    Map,

    /// <summary>The name is made from the message by a template.</summary>
    Template,
}

/// <summary>A row of a topic map.</summary>
/// <param name="Filter">An MQTT topic filter.</param>
/// <param name="Topic">The Kafka topic of what it matches.</param>
public sealed record TopicMapRow(string Filter, string Topic);

/// <summary>Which Kafka topic a message's record goes to.</summary>
public sealed record TopicRule
{
    /// <summary>Which of the other members counts.</summary>
    public TopicRuleKind Kind { get; init; }

    /// <summary>The topic (<see cref="TopicRuleKind.One"/>) or the template (<see cref="TopicRuleKind.Template"/>).</summary>
    public string Text { get; init; } = "";

    /// <summary>The rows of <see cref="TopicRuleKind.Map"/>, in order.</summary>
    public IReadOnlyList<TopicMapRow> Rows { get; init; } = [];

    /// <summary>Everything to one topic.</summary>
    public static TopicRule One(string topic) => new() { Kind = TopicRuleKind.One, Text = topic };

    /// <summary>By the first matching row.</summary>
    public static TopicRule Map(params IReadOnlyList<TopicMapRow> rows) => new() { Kind = TopicRuleKind.Map, Rows = rows };

    /// <summary>By a template such as <c>iot.{topic[1]}</c>.</summary>
    public static TopicRule Template(string template) => new() { Kind = TopicRuleKind.Template, Text = template };

    /// <summary>Whether both name the same topics.</summary>
    public bool SameAs(TopicRule other) => Kind == other.Kind && Text == other.Text && Rows.SequenceEqual(other.Rows);
}
