using Portal.Engine.Mapping.Topics;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks a <see cref="DeliverySpec"/>.</summary>
internal static class DeliveryValidation
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static void Check(DeliverySpec delivery, SpecErrors errors)
    {
        if (delivery.OnFailure == FailureAction.DeadLetter)
        {
            errors.Take(
                nameof(delivery.DeadLetterTopic),
                string.IsNullOrEmpty(delivery.DeadLetterTopic)
                    ? "Name the Kafka topic for dead letters, or choose another way to handle failures."
                    : KafkaTopicName.Check(delivery.DeadLetterTopic));
        }

        errors.Between(nameof(delivery.RetryAttempts), delivery.RetryAttempts, 0, 1_000, "The number of further attempts");
        errors.Between(nameof(delivery.RetryInterval), delivery.RetryInterval, TimeSpan.Zero, Hour, "The pause between attempts");
        errors.Between(nameof(delivery.DrainQuiet), delivery.DrainQuiet, TimeSpan.Zero, Hour, "The quiet time before a session is ended");
        errors.Between(nameof(delivery.StandstillLimit), delivery.StandstillLimit, TimeSpan.FromSeconds(1), Hour, "The time without progress");
        if (delivery.Qos0Wait != Timeout.InfiniteTimeSpan)
        {
            errors.Between(nameof(delivery.Qos0Wait), delivery.Qos0Wait, TimeSpan.Zero, Hour, "The wait of a QoS 0 message for room");
        }
    }
}
