namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="SinkSpec"/>.</summary>
internal static class SinkValidation
{
    private static readonly string?[] CleanUps = [null, "delete", "compact", "compact,delete"];

    public static void Check(SinkSpec sink, SpecErrors errors)
    {
        KafkaValidation.Check(sink.Kafka, errors.Under(nameof(sink.Kafka)));
        if (sink.AutoCreate is { } creation)
        {
            CheckCreation(creation, errors.Under(nameof(sink.AutoCreate)));
        }

        errors.Need(
            sink.Partitioning != PartitioningRule.Fixed || sink.FixedPartition >= 0,
            nameof(sink.FixedPartition),
            $"Partitions are counted from 0; this is {sink.FixedPartition}.");
        errors.Between(nameof(sink.Linger), sink.Linger, TimeSpan.Zero, TimeSpan.FromMinutes(1), "The wait for fuller batches");

        // The bounds of librdkafka's message.max.bytes.
        errors.Between(nameof(sink.MaxMessageBytes), sink.MaxMessageBytes, 1_000, 1_000_000_000, "The largest record in bytes");
    }

    private static void CheckCreation(TopicCreation creation, SpecErrors errors)
    {
        errors.Between(nameof(creation.Partitions), creation.Partitions, 1, 100_000, "The number of partitions");
        errors.Need(
            creation.Replicas is -1 or (>= 1 and <= short.MaxValue),
            nameof(creation.Replicas),
            $"Replicas are at least 1, or -1 for the cluster's default; this is {creation.Replicas}.");
        errors.Need(
            creation.Retention is not { } retention || retention > TimeSpan.Zero,
            nameof(creation.Retention),
            "Retention is a time above 0, or empty for the cluster's default.");
        errors.Need(
            CleanUps.Contains(creation.Cleanup),
            nameof(creation.Cleanup),
            $"Clean-up is delete, compact, or compact,delete; '{creation.Cleanup}' is none of them.");
    }
}
