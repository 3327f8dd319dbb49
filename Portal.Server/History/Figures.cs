namespace Portal.Server.History;

/// <summary>The lengths of the steps that figures are stored in, in seconds.</summary>
internal enum FigureStep
{
    FiveSeconds = 5,
    OneMinute = 60,
    TenMinutes = 600,
}

/// <summary>
/// What flowed in one step. Counts add up; of what is open the most counts. Percentiles cannot be added: of the middle one the mean weighted
/// by what was confirmed stands for the whole, of the high ones the highest, so that no average hides an outage.
/// </summary>
/// <param name="Seconds">How long somebody looked; only of the sum over all tasks, 0 elsewhere.</param>
/// <param name="P50">Microseconds, or null where nothing was confirmed; so are the next two.</param>
internal readonly record struct Figures(
    long Seconds,
    long Received,
    long Confirmed,
    long Bytes,
    long Open,
    long? P50,
    long? P95,
    long? P99,
    long DeadLettered,
    long Discarded,
    long Expired,
    long Abandoned,
    long Reconnects)
{
    /// <summary>Whether a row would say nothing that its absence does not.</summary>
    public bool IsIdle => this == default;

    /// <summary>Two stretches of time one after the other.</summary>
    public Figures Then(in Figures next) => Sum(next) with
    {
        Open = Math.Max(Open, next.Open),
        P50 = (P50, next.P50) switch
        {
            ({ } mine, { } theirs) when Confirmed + next.Confirmed > 0 =>
                (long)(((double)mine * Confirmed + (double)theirs * next.Confirmed) / (Confirmed + next.Confirmed)),
            _ => P50 ?? next.P50,
        },
        P95 = Highest(P95, next.P95),
        P99 = Highest(P99, next.P99),
    };

    /// <summary>Two tasks in the same time.</summary>
    public Figures Beside(in Figures other) => Sum(other) with { Open = Open + other.Open, P50 = null, P95 = null, P99 = null };

    private Figures Sum(in Figures other) => this with
    {
        Seconds = Seconds + other.Seconds,
        Received = Received + other.Received,
        Confirmed = Confirmed + other.Confirmed,
        Bytes = Bytes + other.Bytes,
        DeadLettered = DeadLettered + other.DeadLettered,
        Discarded = Discarded + other.Discarded,
        Expired = Expired + other.Expired,
        Abandoned = Abandoned + other.Abandoned,
        Reconnects = Reconnects + other.Reconnects,
    };

    private static long? Highest(long? one, long? other) => one is null || other > one ? other : one;
}

/// <summary>A step of a series.</summary>
/// <param name="Slot">Its beginning, in seconds since 1970.</param>
/// <param name="Figures">What flowed.</param>
internal readonly record struct FigureRow(long Slot, Figures Figures)
{
    /// <summary>Rows of any finer steps, in order of time, put together into longer ones; the sum of every count is kept.</summary>
    public static IReadOnlyList<FigureRow> Join(IEnumerable<FigureRow> rows, FigureStep step)
    {
        var joined = new List<FigureRow>();
        foreach (var row in rows)
        {
            var slot = row.Slot - (row.Slot % (int)step);
            if (joined.Count > 0 && joined[^1].Slot == slot)
            {
                joined[^1] = joined[^1] with { Figures = joined[^1].Figures.Then(row.Figures) };
            }
            else
            {
                joined.Add(new FigureRow(slot, row.Figures));
            }
        }

        return joined;
    }
}
