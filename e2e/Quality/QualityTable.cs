using System.Collections.Concurrent;
using System.Globalization;

namespace Portal.EndToEnd.Quality;

/// <summary>
/// What the browser tests measured, printed as one table when they end. Times stand beside their goal and are never asserted: machines
/// are shared. Counts and bytes are asserted where they are measured.
/// </summary>
public sealed class QualityTable : IDisposable
{
    private readonly ConcurrentBag<(string Area, string Measure, string Figure, string Goal)> _rows = [];

    public void Add(string area, string measure, string figure, string goal) => _rows.Add((area, measure, figure, goal));

    public void AddTimes(string area, string measure, IReadOnlyCollection<double> milliseconds, string goal) =>
        Add(area, measure, $"p50 {Text(Percentile(milliseconds, 0.5))} ms, p95 {Text(Percentile(milliseconds, 0.95))} ms, {milliseconds.Count} times", goal);

    public static double Percentile(IReadOnlyCollection<double> values, double part)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }

    public static string Text(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    public void Dispose()
    {
        if (_rows.IsEmpty)
        {
            return;
        }

        string[] lines =
        [
            "| area | measure | seen | goal |",
            "| --- | --- | --- | --- |",
            .. _rows.Order().Select(row => $"| {row.Area} | {row.Measure} | {row.Figure} | {row.Goal} |"),
        ];
        var folder = Directory.CreateDirectory(Path.Combine(Tests.Repository.Root, "artifacts", "e2e")).FullName;
        File.WriteAllLines(Path.Combine(folder, "quality.md"), lines);
        Console.WriteLine($"\n{string.Join('\n', lines)}\n");
    }
}
