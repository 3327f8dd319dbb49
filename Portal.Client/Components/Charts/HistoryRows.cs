using Portal.Client.Contracts;

namespace Portal.Client.Components.Charts;

/// <summary>
/// Points of the stored history as rows of a chart. Where points are missing the server was off: a row without values stands there, so that
/// the line is broken and not drawn across.
/// </summary>
public static class HistoryRows
{
    /// <summary>The rows of some points.</summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="step">How far apart they are.</param>
    /// <param name="values">The value of each line.</param>
    public static IReadOnlyList<SeriesRow> Of(IReadOnlyList<HistoryPoint> points, TimeSpan step, params IReadOnlyList<Func<HistoryPoint, double?>> values)
    {
        var rows = new List<SeriesRow>(points.Count);
        foreach (var point in points)
        {
            if (rows.Count > 0 && point.At - rows[^1].At > step)
            {
                rows.Add(new SeriesRow(rows[^1].At + step, [.. values.Select(_ => (double?)null)]));
            }

            rows.Add(new SeriesRow(point.At, [.. values.Select(value => value(point))]));
        }

        return rows;
    }
}
