using Portal.Client.Contracts;

namespace Portal.Client.Components.Charts;

/// <summary>One of the charts over a stored history: its lines, and what each shows of a point.</summary>
public sealed class HistoryChart
{
    private readonly string _title;
    private readonly bool _perStep;
    private readonly (SeriesLine Line, Func<HistoryPoint, double?> Value)[] _lines;

    private HistoryChart(string title, SeriesUnit unit, bool perStep, params (SeriesLine Line, Func<HistoryPoint, double?> Value)[] lines)
    {
        (_title, Unit, _perStep, _lines) = (title, unit, perStep, lines);
        Lines = [.. lines.Select(line => line.Line)];
    }

    /// <summary>Those of one task, in the order on the page.</summary>
    public static IReadOnlyList<HistoryChart> OfTask { get; } =
    [
        Rates(),
        new("Latency, receive to Kafka", SeriesUnit.Milliseconds, perStep: false,
            (new("p50", "--in"), point => point.LatencyP50), (new("p95", "--ok", Dashed: true), point => point.LatencyP95), (new("p99", "--warn"), point => point.LatencyP99)),
        new("Open, received and not yet in Kafka", SeriesUnit.Count, perStep: false, (new("most open", "--in"), point => point.Open)),
        new("Payload bytes per second", SeriesUnit.Bytes, perStep: false, (new("in from MQTT", "--in"), point => point.BytesPerSecond)),
        Failures(),
        new("Reconnects", SeriesUnit.Count, perStep: true, (new("reconnects", "--warn"), point => point.Reconnects)),
    ];

    /// <summary>Those of all tasks together.</summary>
    public static IReadOnlyList<HistoryChart> OfAll { get; } = [Rates(), Failures()];

    /// <summary>Its lines.</summary>
    public IReadOnlyList<SeriesLine> Lines { get; }

    /// <summary>What its values are.</summary>
    public SeriesUnit Unit { get; }

    /// <summary>Its title; counts are those of one step, whose length belongs to it.</summary>
    public string TitleOf(TimeSpan step) =>
        !_perStep ? _title
        : step.TotalSeconds < 60 ? $"{_title} per {step.TotalSeconds:0} s"
        : step.TotalMinutes == 1 ? $"{_title} per minute"
        : $"{_title} per {step.TotalMinutes:0} min";

    /// <summary>Its rows.</summary>
    public IReadOnlyList<SeriesRow> Rows(IReadOnlyList<HistoryPoint> points, TimeSpan step) =>
        HistoryRows.Of(points, step, [.. _lines.Select(line => line.Value)]);

    /// <summary>What the picture says, in a sentence: for counts the sum, otherwise the last value and the highest.</summary>
    public string Summary(IReadOnlyList<HistoryPoint> points, HistoryRange range)
    {
        var lines = _lines.Select(line =>
        {
            var values = points.Select(line.Value).OfType<double>().ToList();
            return _perStep ? $"{line.Line.Label} {Unit.Text(values.Sum())}"
                : values.Count == 0 ? $"{line.Line.Label} unknown"
                : $"{line.Line.Label} {Unit.Text(values[^1])}, highest {Unit.Text(values.Max())}";
        });
        return $"{_title} in the last {range.Label}: {string.Join("; ", lines)}.";
    }

    private static HistoryChart Rates() => new(
        "Messages per second", SeriesUnit.Rate, perStep: false,
        (new("in from MQTT", "--in"), point => point.InPerSecond), (new("out to Kafka", "--out", Dashed: true), point => point.OutPerSecond));

    private static HistoryChart Failures() => new(
        "Failures", SeriesUnit.Count, perStep: true,
        (new("dead letters", "--bad"), point => point.DeadLettered), (new("discarded", "--warn", Dashed: true), point => point.Discarded),
        (new("expired", "--info"), point => point.Expired), (new("abandoned", "--off", Dashed: true), point => point.Abandoned));
}
