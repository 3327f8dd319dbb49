using Portal.Engine.Specs;

namespace Portal.Engine.Sampling;

/// <summary>What a sampler shall listen to, and its bounds.</summary>
public sealed record SampleOrder
{
    /// <summary>The most messages that can be kept.</summary>
    public const int MostMessages = 100;

    /// <summary>The most bytes that can be read.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The most topics that are counted one by one.</summary>
    public const int MostTopics = 200;

    /// <summary>The most payload and property bytes that are kept. Older messages make room; a message that is larger alone is counted only.</summary>
    public const int MostKeptBytes = 4 * 1024 * 1024;

    /// <summary>The longest time that can be listened.</summary>
    public static TimeSpan LongestTime { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The broker and the credentials; its addresses are tried in order.</summary>
    public required MqttBrokerSpec Broker { get; init; }

    /// <summary>At least one MQTT topic filter, as a task has it: without a group.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    /// <summary>How many messages are kept, 1 to <see cref="MostMessages"/>. Default 20.</summary>
    public int MaxMessages { get; init; } = 20;

    /// <summary>Whether it ends as soon as so many messages are kept. Default true; false goes on, and newer ones take the place of older ones.</summary>
    public bool EndsWhenFull { get; init; } = true;

    /// <summary>How long to listen, above zero and at most <see cref="LongestTime"/>, from the moment when the broker granted a subscription. Default 30 s.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of payloads and properties may be read, kept or not, 1 to <see cref="MostBytes"/>. Default 16 MiB.</summary>
    public long MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <exception cref="ArgumentException">A bound is outside of its range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Broker.Endpoints.Count);
        ArgumentOutOfRangeException.ThrowIfZero(Filters.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMessages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxMessages, MostMessages);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaxTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxTime, LongestTime);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxBytes, MostBytes);
    }
}
