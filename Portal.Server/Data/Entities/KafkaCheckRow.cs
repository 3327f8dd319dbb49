using Portal.Client.Contracts;

namespace Portal.Server.Data.Entities;

/// <summary>A test of a stored Kafka instance that came to its end. Never changed.</summary>
internal sealed class KafkaCheckRow
{
    public long Id { get; init; }

    public required string KafkaInstanceId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    public required ValidationReport Report { get; init; }
}
