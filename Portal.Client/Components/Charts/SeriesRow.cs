using Portal.Client.Components.Texts;

namespace Portal.Client.Components.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Color">The token of its colour, for example <c>--in</c>.</param>
/// <param name="Dashed">Whether it is dashed, so that two lines differ without colour.</param>
public sealed record SeriesLine(string Label, string Color, bool Dashed = false);

/// <summary>The values of all lines at one time; null where nothing is known, which is drawn as a gap.</summary>
public sealed record SeriesRow(DateTimeOffset At, IReadOnlyList<double?> Values);

/// <summary>The stretch of time that a chart shows, whatever of it is known.</summary>
public sealed record SeriesWindow(DateTimeOffset From, DateTimeOffset To);

/// <summary>Something that happened, as a line across the chart.</summary>
/// <param name="At">When.</param>
/// <param name="Label">What, in a few words.</param>
/// <param name="Color">The token of its colour.</param>
/// <param name="Href">Where more about it stands.</param>
public sealed record SeriesMark(DateTimeOffset At, string Label, string Color, string Href);

/// <summary>What the values of a chart are.</summary>
public enum SeriesUnit
{
    /// <summary>So many a second.</summary>
    Rate,

    /// <summary>So many.</summary>
    Count,

    /// <summary>Bytes, or bytes a second.</summary>
    Bytes,

    /// <summary>Milliseconds.</summary>
    Milliseconds,
}

/// <summary>The values of charts in words.</summary>
public static class SeriesUnits
{
    /// <summary>A value with its unit; a dash where it is not known.</summary>
    public static string Text(this SeriesUnit unit, double? value) => (unit, value) switch
    {
        (SeriesUnit.Bytes, { } bytes) => Numbers.Bytes((long)bytes),
        (SeriesUnit.Milliseconds, { } milliseconds) => Numbers.Duration(TimeSpan.FromMilliseconds(milliseconds)),
        (SeriesUnit.Count, { } count) => Numbers.Count((long)count),
        _ => Numbers.Rate(value),
    };
}
