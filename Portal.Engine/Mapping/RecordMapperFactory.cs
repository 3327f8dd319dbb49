using Portal.Engine.Specs;

namespace Portal.Engine.Mapping;

/// <summary>Compiles <see cref="RecordMapper"/>s.</summary>
internal sealed class RecordMapperFactory : IRecordMapperFactory
{
    public IRecordMapper Create(MappingSpec mapping, string? filter, PartitioningRule partitioning) =>
        new RecordMapper(mapping, filter, partitioning);
}
