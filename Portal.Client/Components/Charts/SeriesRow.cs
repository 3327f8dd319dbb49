namespace Portal.Client.Components.Charts;

/// <summary>A line of a chart.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Color">The token of its colour, for example <c>--in</c>.</param>
/// <param name="Dashed">Whether it is dashed, so that two lines differ without colour.</param>
public sealed record SeriesLine(string Label, string Color, bool Dashed = false);

/// <summary>The values of all lines at one time; null where nothing is known.</summary>
public sealed record SeriesRow(DateTimeOffset At, IReadOnlyList<double?> Values);
