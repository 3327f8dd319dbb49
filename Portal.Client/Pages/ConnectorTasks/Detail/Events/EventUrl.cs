using System.Globalization;
using System.Text;
using Portal.Client.Contracts;

namespace Portal.Client.Pages.ConnectorTasks.Detail.Events;

/// <summary>The filters of the Events tab as they stand in its address; any filter becomes an address, and that address the same filter.</summary>
/// <param name="Kinds">The kinds, as <see cref="TaskEventQuery.AllKinds"/> writes them, in that order; empty for all.</param>
/// <param name="Least">At least so serious.</param>
/// <param name="Actor">Who did it, or null for all.</param>
/// <param name="Text">Words of the text, or null for all.</param>
/// <param name="Age">Not older than this range, or null for all.</param>
public sealed record EventUrl(IReadOnlyList<string> Kinds, EventSeverity Least, string? Actor, string? Text, HistoryRange? Age)
{
    /// <summary>Everything.</summary>
    public static EventUrl All { get; } = new([], EventSeverity.Info, null, null, null);

    /// <summary>Whether anything is filtered out.</summary>
    public bool IsAll => Kinds.Count == 0 && Least == EventSeverity.Info && Actor is null && Text is null && Age is null;

    /// <summary>Takes what an address says; what is not understood is left out.</summary>
    public static EventUrl Parse(string? kind, string? severity, string? actor, string? text, string? age)
    {
        var kinds = (kind ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(
            [.. TaskEventQuery.AllKinds.Where(one => kinds.Contains(one, StringComparer.OrdinalIgnoreCase))],
            Enum.TryParse<EventSeverity>(severity, ignoreCase: true, out var least) && Enum.IsDefined(least) ? least : EventSeverity.Info,
            Some(actor),
            Some(text),
            HistoryRange.Find(age));
    }

    /// <summary>The address, with or without an event to point at.</summary>
    public string Format(string path, long? eventId = null)
    {
        var text = new StringBuilder(path);
        Add("kind", Kinds.Count == 0 ? null : string.Join(',', Kinds.Select(kind => kind.ToLowerInvariant())));
        Add("severity", Least == EventSeverity.Info ? null : Least.ToString().ToLowerInvariant());
        Add("actor", Actor);
        Add("q", Text);
        Add("age", Age?.Code);
        Add("event", eventId is { } id ? Name(id) : null);
        return text.ToString();

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                text.Append(text.Length == path.Length ? '?' : '&').Append(key).Append('=')
                    .Append(Uri.EscapeDataString(value).Replace("%2C", ",", StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The query of these filters.</summary>
    public TaskEventQuery Query(DateTimeOffset now) =>
        new() { Kinds = Kinds, Least = Least, Actor = Actor, Text = Text, From = Age is { } age ? now - age.Length : null };

    /// <summary>How an event is named in addresses.</summary>
    public static string Name(long id) => $"evt_{id.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The event that a name means, or null.</summary>
    public static long? IdOf(string? name) =>
        name?.StartsWith("evt_", StringComparison.Ordinal) == true && long.TryParse(name[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Records compare lists by reference; here their content counts.</summary>
    public bool Equals(EventUrl? other) =>
        other is not null && Kinds.SequenceEqual(other.Kinds) && (Least, Actor, Text, Age) == (other.Least, other.Actor, other.Text, other.Age);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kinds.Count, Least, Actor, Text, Age);

    private static string? Some(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
