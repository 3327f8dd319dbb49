using Portal.Engine.Specs;

namespace Portal.Engine.Mapping;

/// <summary>Compiles mappers.</summary>
public interface IRecordMapperFactory
{
    /// <summary>Compiles one mapper, to be used by all clients of a pipeline at once.</summary>
    /// <param name="mapping">How a message becomes a record.</param>
    /// <param name="filter">A SQL WHERE condition, or null to forward everything.</param>
    /// <param name="partitioning">Decides whether <see cref="KafkaRecord.PartitionKey"/> is needed, and from what.</param>
    /// <exception cref="ArgumentException">The mapping or the filter is wrong; <c>PipelineSpecValidator</c> finds this before, field by field.</exception>
    IRecordMapper Create(MappingSpec mapping, string? filter, PartitioningRule partitioning);
}
