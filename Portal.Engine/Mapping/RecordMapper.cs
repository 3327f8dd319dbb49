using Portal.Engine.Filters;
using Portal.Engine.Mapping.Headers;
using Portal.Engine.Mapping.Topics;
using Portal.Engine.Sources;
using Portal.Engine.Specs;

namespace Portal.Engine.Mapping;

/// <summary>The mapper that a <see cref="MappingSpec"/> describes.</summary>
/// <remarks>
/// It never guesses: what the mapping asks for and a message does not have makes that message fail, with the reason in words. A message
/// that fails twice over gives the first reason, in the order topic, headers, timestamp, key, partition.
/// </remarks>
public sealed class RecordMapper : IRecordMapper
{
    private readonly FilterExpression? _filter;
    private readonly TopicChooser _topics;
    private readonly bool _messageNamesTopic;
    private readonly HeaderWriter _headers;
    private readonly TimestampRule _timestamp;
    private readonly KeyRule _key;
    private readonly PartitioningRule _partitioning;
    private readonly bool _emptyIsTombstone;

    /// <summary>Compiles the mapping.</summary>
    /// <param name="mapping">How a message becomes a record.</param>
    /// <param name="filter">A SQL WHERE condition, or null to map everything.</param>
    /// <param name="partitioning">Says whether a partition key is needed besides the key.</param>
    /// <exception cref="ArgumentException">Something of it is not valid; the validator of specs says so before.</exception>
    public RecordMapper(MappingSpec mapping, string? filter, PartitioningRule partitioning)
    {
        if (filter is not null && !FilterExpression.TryParse(filter, out _filter, out var errors))
        {
            throw new ArgumentException(errors[0].ToString(), nameof(filter));
        }

        _topics = TopicChooser.Compile(mapping.Topics);
        _messageNamesTopic = mapping.Topics.Kind != TopicRuleKind.One;
        _headers = new HeaderWriter(mapping.Headers, mapping.HeaderPrefix);
        _timestamp = new TimestampRule(mapping.Timestamp, mapping.TimestampPath ?? "");
        _key = new KeyRule(mapping.Key, mapping.KeyArgument ?? "");
        _partitioning = partitioning;
        _emptyIsTombstone = mapping.EmptyPayloadIsTombstone;
    }

    /// <inheritdoc/>
    public MapOutcome Map(in InboundMessage message, KafkaRecord record, out string? failure)
    {
        record.Clear(_headers.Preamble);
        if (_filter?.Matches(message) == false)
        {
            failure = null;
            return MapOutcome.Filtered;
        }

        record.IsTombstone = _emptyIsTombstone && message.Payload.IsEmpty;
        record.IsTopicFromMessage = _messageNamesTopic;
        record.Topic = _topics.Choose(message, record, out failure) ?? "";

        var topic = record.Append(message.Topic);
        record.SetMqttTopic(topic);

        // The headers are written whatever failed before: a dead letter keeps them.
        var badHeader = _headers.Write(message, topic, record);
        failure ??= badHeader;
        failure ??= _timestamp.Apply(message, record);
        failure ??= _key.Apply(message, topic, record);
        failure ??= SetPartitionKey(message, topic, record);
        if (failure is null)
        {
            return MapOutcome.Mapped;
        }

        record.Timestamp = message.ReceivedAt;
        record.ClearKeys();
        return MapOutcome.Failed;
    }

    private string? SetPartitionKey(in InboundMessage message, KafkaRecord.Slice topic, KafkaRecord record)
    {
        switch (_partitioning)
        {
            case PartitioningRule.Topic:
                record.SetPartitionKey(topic);
                return null;
            case PartitioningRule.PublisherClientId:
                if (!UserProperties.TryFind(message.Properties, UserProperties.PublisherClientId, out var client))
                {
                    return "The partition is chosen by the user property '$__publisherClientId', which this message does not carry.";
                }

                record.SetPartitionKey(client);
                return null;
            default:
                return null;
        }
    }
}
