using Portal.Engine.Filters;
using Portal.Engine.Specs.Validation;

namespace Portal.Engine.Specs;

/// <summary>Says everything that is wrong with a spec, at once and field by field. Looks at nothing outside of it.</summary>
public static class PipelineSpecValidator
{
    /// <summary>Checks a whole order.</summary>
    /// <returns>Empty when nothing is wrong.</returns>
    public static IReadOnlyList<SpecError> Validate(PipelineSpec spec)
    {
        var errors = new SpecErrors();
        errors.Need(spec.Id.Length > 0, nameof(spec.Id), "An id is needed: the MQTT client ids are made of it.");
        errors.Need(spec.Clients.Count > 0, nameof(spec.Clients), "At least one client is needed.");
        errors.Need(spec.Clients.All(client => client >= 0), nameof(spec.Clients), "Clients are counted from 0.");
        errors.Need(spec.Clients.Distinct().Count() == spec.Clients.Count, nameof(spec.Clients), "Each client can be named only once.");
        if (spec.Filter is { } filter && !FilterExpression.TryParse(filter, out _, out var wrong))
        {
            foreach (var error in wrong)
            {
                errors.Take(nameof(spec.Filter), error);
            }
        }

        SourceValidation.Check(spec.Source, errors.Under(nameof(spec.Source)));
        MappingValidation.Check(spec.Mapping, errors.Under(nameof(spec.Mapping)));
        SinkValidation.Check(spec.Sink, errors.Under(nameof(spec.Sink)));
        DeliveryValidation.Check(spec.Delivery, errors.Under(nameof(spec.Delivery)));
        LimitValidation.Check(spec.Limits, errors.Under(nameof(spec.Limits)));
        CheckTogether(spec, errors);
        return errors.All;
    }

    /// <summary>Checks a broker and its credentials alone.</summary>
    /// <returns>Empty when nothing is wrong.</returns>
    public static IReadOnlyList<SpecError> Validate(MqttBrokerSpec broker)
    {
        var errors = new SpecErrors();
        BrokerValidation.Check(broker, errors);
        return errors.All;
    }

    /// <summary>Checks a Kafka cluster and its credentials alone.</summary>
    /// <returns>Empty when nothing is wrong.</returns>
    public static IReadOnlyList<SpecError> Validate(KafkaSpec kafka)
    {
        var errors = new SpecErrors();
        KafkaValidation.Check(kafka, errors);
        return errors.All;
    }

    /// <summary>What is right by itself and wrong beside something else.</summary>
    private static void CheckTogether(PipelineSpec spec, SpecErrors errors)
    {
        var compacted = spec.Sink.AutoCreate?.Cleanup?.Contains("compact", StringComparison.Ordinal) == true;
        errors.Need(
            !compacted || spec.Mapping.Key != KeySource.None,
            "Mapping.Key",
            "The target topic would be compacted, and Kafka refuses records without a key there. Choose a key, or another clean-up.");
        errors.Need(
            spec.Delivery.OnFailure != FailureAction.DeadLetter || spec.Mapping.Topics.Kind != TopicRuleKind.One
                || spec.Delivery.DeadLetterTopic != spec.Mapping.Topics.Text || spec.Mapping.Topics.Text.Length == 0,
            "Delivery.DeadLetterTopic",
            "Dead letters need another topic than the target.");
        errors.Need(
            spec.Delivery.OnFailure != FailureAction.DeadLetter || spec.Mapping.Topics.Kind != TopicRuleKind.Map
                || spec.Mapping.Topics.Rows.All(row => row.Topic != spec.Delivery.DeadLetterTopic || row.Topic.Length == 0),
            "Delivery.DeadLetterTopic",
            "Dead letters need another topic than those of the map.");
        if (spec.Sink is { Partitioning: PartitioningRule.Fixed, AutoCreate.Partitions: var partitions })
        {
            errors.Need(
                spec.Sink.FixedPartition < Math.Max(partitions, 1),
                "Sink.FixedPartition",
                $"Topics are created with {partitions} partitions, counted from 0: there is no partition {spec.Sink.FixedPartition}.");
        }
    }
}
