using System.Globalization;

namespace Portal.Engine.Specs;

/// <summary>How much a pipeline may hand to Kafka. A limit slows it and drops nothing: the broker keeps what waits.</summary>
public sealed record LimitSpec
{
    /// <summary>No limit.</summary>
    public static LimitSpec None { get; } = new();

    /// <summary>Payload bytes a second over all clients, or null.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>Messages a second over all clients, or null.</summary>
    public double? MessagesPerSecond { get; init; }

    /// <summary>Whether there is none.</summary>
    public bool IsNone => BytesPerSecond is null && MessagesPerSecond is null;

    /// <summary>In words, for example <c>5 MB/s and 200 messages/s</c>.</summary>
    public override string ToString() => string.Join(" and ", new[]
    {
        BytesPerSecond is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000:0.######} MB/s") : null,
        MessagesPerSecond is { } messages ? string.Create(CultureInfo.InvariantCulture, $"{messages:0.###} messages/s") : null,
    }.OfType<string>());
}
