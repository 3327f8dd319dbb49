using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail;

/// <summary>A counter of the books.</summary>
/// <param name="Key">Its live cell.</param>
/// <param name="Label">Its name.</param>
/// <param name="Meaning">What is counted, for those who wonder.</param>
/// <param name="Of">Its figure.</param>
public sealed record BooksTerm(string Key, string Label, string Meaning, Func<TaskBooks, long> Of);

/// <summary>
/// The books as an equation: what was received on the left, every way in which a message can end, or be still open, on the right.
/// </summary>
public static class BooksEquation
{
    /// <summary>The left side.</summary>
    public static BooksTerm Received { get; } =
        new("received", "Received", "Messages that the broker sent to this task", books => books.Received);

    /// <summary>The right side, term by term.</summary>
    public static IReadOnlyList<BooksTerm> Ends { get; } =
    [
        new("delivered", "Delivered", "Confirmed by Kafka on all in-sync replicas", books => books.Delivered),
        new("deadlettered", "Dead letters", "Refused for good, confirmed by Kafka in the dead-letter topic", books => books.DeadLettered),
        new("filtered", "Filtered", "Excluded by the filter, and acknowledged", books => books.Filtered),
        new("expired", "Expired", "Older than their MQTT message expiry when their turn came", books => books.Expired),
        new("discarded", "Discarded", "Given up by the failure policy, or dropped at QoS 0", books => books.Discarded),
        new("abandoned", "Abandoned", "Open when their session was lost; sent again by the broker, received again", books => books.Abandoned),
        new("open", "Open", "Received and not yet confirmed by Kafka", books => books.Open),
    ];

    /// <summary>Whether the two sides are equal, in words.</summary>
    public static string Verdict(TaskBooks books) => books.Unaccounted switch
    {
        0 => "0 unaccounted for",
        > 0 and var missing => $"{Components.Texts.Numbers.Count(missing)} unaccounted for",
        var surplus => $"{Components.Texts.Numbers.Count(-surplus)} counted twice",
    };
}
