using Portal.Engine.Sources;

namespace Portal.Engine.Mapping;

/// <summary>What the mapper made of a message.</summary>
public enum MapOutcome
{
    /// <summary>The record is ready to be sent.</summary>
    Mapped,

    /// <summary>The filter excludes the message.</summary>
    Filtered,

    /// <summary>
    /// The mapping cannot be applied to this message. The record holds what could be made all the same: headers, the time of receipt, and
    /// the topic unless that is what failed (then empty). It has no key.
    /// </summary>
    Failed,
}

/// <summary>
/// Makes a record of a message: filter, topic, key, timestamp, headers. A pure function of the message, compiled once from
/// <see cref="Specs.MappingSpec"/>, the filter and the partitioning rule.
/// </summary>
/// <remarks>Allocates nothing in the steady state. Safe to be used by several threads at once, each with its own record.</remarks>
public interface IRecordMapper
{
    /// <summary>Fills the record.</summary>
    /// <param name="message">The message, valid during the call.</param>
    /// <param name="record">Cleared and filled.</param>
    /// <param name="failure">With <see cref="MapOutcome.Failed"/> the reason in words; otherwise null.</param>
    MapOutcome Map(in InboundMessage message, KafkaRecord record, out string? failure);
}
