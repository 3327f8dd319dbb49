using Portal.Engine.Specs;

namespace Portal.Engine.Replay;

/// <summary>How one message of a replay ended.</summary>
/// <param name="IsConfirmed">Whether Kafka has its record, with <c>acks=all</c>.</param>
/// <param name="Why">Why not, in words; null when it is confirmed.</param>
/// <param name="IsRefused">Whether the message itself was refused, by the mapping or by Kafka, rather than left without an answer.</param>
public readonly record struct ReplayResult(bool IsConfirmed, string? Why, bool IsRefused);

/// <summary>Sends messages of dead letters through the present mapping of their task.</summary>
public interface IMessageReplay
{
    /// <summary>
    /// What would fail now, in the order of the messages: null for one that would be mapped, otherwise why not. Asks nobody. The filter is
    /// not asked again: the messages have passed it.
    /// </summary>
    IReadOnlyList<string?> Check(PipelineSpec spec, IReadOnlyList<ReplayedMessage> messages);

    /// <summary>
    /// Maps and sends the messages with a producer of its own, and waits for Kafka's confirmations, at most <paramref name="limit"/>.
    /// </summary>
    /// <remarks>
    /// What Kafka confirmed is in Kafka. What it did not answer may be there all the same: sent again, it may be there twice. Nothing goes to
    /// the dead-letter topic again.
    /// </remarks>
    /// <returns>One result for each message, in their order.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; some may be in Kafka.</exception>
    Task<IReadOnlyList<ReplayResult>> SendAsync(
        PipelineSpec spec, IReadOnlyList<ReplayedMessage> messages, TimeSpan limit, CancellationToken cancellationToken);
}
