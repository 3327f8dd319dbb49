using System.Globalization;

namespace Portal.Client.Contracts;

/// <summary>
/// A stretch of time that a list is narrowed to: one that ends now, or one between two times. Addresses and REST say it as <c>age=1h</c>, or
/// as <c>from</c> and <c>to</c>.
/// </summary>
/// <param name="Age">The last so much; null where the other two count.</param>
/// <param name="From">Then or later, or null.</param>
/// <param name="To">Then or earlier, or null.</param>
public sealed record TimeWindow(HistoryRange? Age = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    /// <summary>Any time.</summary>
    public static TimeWindow Any { get; } = new();

    /// <summary>Whether it leaves out nothing.</summary>
    public bool IsAny => this == Any;

    /// <summary>In the order of addresses; nothing for any time.</summary>
    public IEnumerable<(string Key, string Value)> Pairs
    {
        get
        {
            if (Age is { } age)
            {
                yield return ("age", age.Code);
            }

            if (From is { } from)
            {
                yield return ("from", Text(from));
            }

            if (To is { } to)
            {
                yield return ("to", Text(to));
            }
        }
    }

    /// <summary>What an address says, with all that is wrong in it. A time without a zone is UTC. An age counts before the other two.</summary>
    public static (TimeWindow Window, IReadOnlyList<FieldError> Errors) Parse(string? age, string? from, string? to)
    {
        var errors = new List<FieldError>();
        var range = string.IsNullOrWhiteSpace(age) ? null : HistoryRange.Find(age.Trim());
        if (range is null && !string.IsNullOrWhiteSpace(age))
        {
            errors.Add(new FieldError("age", $"There is no age “{age}”; there are {string.Join(", ", HistoryRange.All.Select(one => one.Code))}."));
        }

        var (begin, end) = (TimeOf("from", from), TimeOf("to", to));
        if (Check(begin, end) is { } wrong)
        {
            errors.Add(wrong);
            (begin, end) = (null, null);
        }

        return (range is null ? new TimeWindow(null, begin, end) : new TimeWindow(range), errors);

        DateTimeOffset? TimeOf(string name, string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return null;
            }

            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            {
                return time;
            }

            errors.Add(new FieldError(name, $"“{text}” is no time. Write it as 2026-11-22T13:00:00Z."));
            return null;
        }
    }

    /// <summary>What is wrong with two times, or null.</summary>
    public static FieldError? Check(DateTimeOffset? from, DateTimeOffset? to) =>
        from > to ? new FieldError("to", "The end lies before the beginning, so nothing can match. Exchange the two times.") : null;

    /// <summary>Where it begins and ends now.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) At(DateTimeOffset now) => Age is { } age ? (now - age.Length, null) : (From, To);

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
