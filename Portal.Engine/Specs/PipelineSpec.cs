namespace Portal.Engine.Specs;

/// <summary>
/// The immutable order for one pipeline, compiled from a connector task. Two specs that are equal by
/// <see cref="SameAs"/> ask for the same pipeline, whatever their <see cref="Revision"/>.
/// </summary>
public sealed record PipelineSpec
{
    /// <summary>The id of the connector task, for example <c>task-y8k3m2ab</c>; one pipeline per id.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people gave the connector task, for its dead letters; another name alone asks for no other pipeline.</summary>
    public string Name { get; init; } = "";

    /// <summary>Grows with every change of what is asked. Reported back in the snapshot.</summary>
    public long Revision { get; init; }

    /// <summary>Which of the task's clients this node runs, by index from 0. Their MQTT client ids are <c>&lt;Id&gt;-&lt;index&gt;</c>.</summary>
    public required IReadOnlyList<int> Clients { get; init; }

    /// <summary>Where messages come from.</summary>
    public required SourceSpec Source { get; init; }

    /// <summary>A SQL WHERE condition, or null to forward everything.</summary>
    public string? Filter { get; init; }

    /// <summary>How a message becomes a record.</summary>
    public MappingSpec Mapping { get; init; } = new();

    /// <summary>Where records go.</summary>
    public required SinkSpec Sink { get; init; }

    /// <summary>What happens to a message that cannot be delivered.</summary>
    public DeliverySpec Delivery { get; init; } = new();

    /// <summary>How much it may hand to Kafka. Default: no limit.</summary>
    public LimitSpec Limits { get; init; } = LimitSpec.None;

    /// <summary>Whether it is started again by itself after a fault that a new start may mend. Default true.</summary>
    public bool RestartsByItself { get; init; } = true;

    /// <summary>The MQTT client id of one of <see cref="Clients"/>.</summary>
    public string ClientId(int index) => $"{Id}-{index}";

    /// <summary>The <see cref="Id"/> of the spec that a client id of <see cref="ClientId"/> belongs to; the whole text when it is of no such form.</summary>
    public static string IdOf(string clientId) => clientId.LastIndexOf('-') is > 0 and var end ? clientId[..end] : clientId;

    /// <summary>Whether both ask for the same work; <see cref="Revision"/> and <see cref="Name"/> do not count and lists are compared by content.</summary>
    public bool SameAs(PipelineSpec other) =>
        CanBecome(other)
        && Clients.SequenceEqual(other.Clients)
        && Mapping.SameAs(other.Mapping)
        && Filter == other.Filter
        && Limits == other.Limits
        && RestartsByItself == other.RestartsByItself;

    /// <summary>
    /// Whether the difference, if any, can be taken up in motion: mapping, filter and limits at the next message, the number of clients without
    /// touching those that stay.
    /// </summary>
    public bool CanBecome(PipelineSpec other) =>
        Id == other.Id
        && Source.SameAs(other.Source)
        && Sink.SameAs(other.Sink)
        && Delivery == other.Delivery;
}
