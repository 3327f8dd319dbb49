using System.Text;
using Portal.Engine.Filters;
using Portal.Engine.Mapping;
using Portal.Engine.Specs;
using Portal.Engine.Specs.Validation;

namespace Portal.Engine.Sampling;

/// <summary>
/// Shows what a task's mapping makes of kept messages, with the very mapper and filter that the task runs. A pure function of the message:
/// an edited mapping is shown by compiling another previewer, without asking a broker again.
/// </summary>
/// <remarks>
/// Made for settings that are being typed: an unfinished topic rule leaves the topic out, an unreadable filter leaves open what passes,
/// and only a key, timestamp or header setting that is wrong leaves no record at all. Not thread-safe.
/// </remarks>
public sealed class RecordPreviewer
{
    private readonly KafkaRecord _record = new();
    private readonly RecordMapper? _mapper;
    private readonly FilterExpression? _filter;
    private readonly PartitioningRule _partitioning;
    private readonly bool _filterIsWrong;
    private readonly bool _hasTopics;

    /// <summary>Compiles the settings as far as they can be.</summary>
    /// <param name="mapping">How a message becomes a record.</param>
    /// <param name="filter">A SQL WHERE condition, or null to let everything pass.</param>
    /// <param name="partitioning">What decides the partition.</param>
    public RecordPreviewer(MappingSpec mapping, string? filter, PartitioningRule partitioning)
    {
        var errors = new SpecErrors();
        MappingValidation.Check(mapping, errors);
        var topicErrors = errors.All.Where(error => error.Field.StartsWith(nameof(mapping.Topics), StringComparison.Ordinal)).ToList();
        _hasTopics = topicErrors.Count == 0;
        Errors = [.. errors.All.Except(topicErrors)];
        _filterIsWrong = filter is not null && !FilterExpression.TryParse(filter, out _filter, out _);
        _partitioning = partitioning;
        _mapper = Errors.Count > 0 ? null : new RecordMapper(_hasTopics ? mapping : mapping with { Topics = TopicRule.One("") }, null, partitioning);
    }

    /// <summary>What keeps records from being made at all; empty when they can be. Fields are those of <see cref="MappingSpec"/>.</summary>
    public IReadOnlyList<SpecError> Errors { get; }

    /// <summary>What the task would make of a message.</summary>
    public RecordPreview Preview(SampledMessage message)
    {
        var inbound = message.Read();
        bool? passes = _filterIsWrong ? null : _filter?.Matches(inbound) ?? true;
        if (_mapper is null)
        {
            return new RecordPreview { Passes = passes, Failure = Errors[0].Text };
        }

        _mapper.Map(inbound, _record, out var failure);
        var key = _record.HasKey ? _record.Key.ToArray() : null;
        return new RecordPreview
        {
            Passes = passes,
            Failure = failure,
            Topic = _hasTopics && _record.Topic.Length > 0 ? _record.Topic : null,
            Key = key,
            PartitionBy = PartitionBy(key),
            Timestamp = _record.Timestamp,
            IsTombstone = _record.IsTombstone,
            Headers = Headers(),
        };
    }

    private byte[]? PartitionBy(byte[]? key) => _partitioning switch
    {
        PartitioningRule.Key => key,
        PartitioningRule.Topic or PartitioningRule.PublisherClientId => _record.PartitionKey.IsEmpty ? null : _record.PartitionKey.ToArray(),
        _ => null,
    };

    private List<PreviewHeader> Headers()
    {
        var headers = new List<PreviewHeader>(_record.HeaderCount);
        foreach (var header in _record.Headers)
        {
            headers.Add(new PreviewHeader(Encoding.UTF8.GetString(_record.Name(header)), _record.Value(header).ToArray()));
        }

        return headers;
    }
}
