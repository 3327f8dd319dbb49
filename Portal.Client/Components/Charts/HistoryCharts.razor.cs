using Microsoft.AspNetCore.Components;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Components.Charts;

/// <summary>
/// Stored figures as charts on one axis of time, with what happened meanwhile. The range stands in the address and ends now:
/// every step's end adds a point without a rendering.
/// </summary>
public partial class HistoryCharts
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly Dictionary<HistoryChart, IReadOnlyList<SeriesRow>> _rows = [];
    private readonly List<TimeSeries> _charts = [];
    private List<HistoryPoint> _points = [];
    private IReadOnlyList<SeriesMark> _marks = [];
    private FigureHistory? _history;
    private (string Source, HistoryRange Range)? _loaded;
    private string? _failure;
    private string? _ignored;

    /// <summary>Names what is shown, for example the task's id; another one reads anew.</summary>
    [Parameter, EditorRequired]
    public string Source { get; set; } = "";

    /// <summary>The charts, the first of them large.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<HistoryChart> Charts { get; set; } = [];

    /// <summary>Reads the figures of a range, all of them or those since a time; null when what is shown is gone.</summary>
    [Parameter, EditorRequired]
    public Func<HistoryRange, DateTimeOffset?, CancellationToken, Task<FigureHistory?>> Read { get; set; } = default!;

    /// <summary>Reads what happened since a time.</summary>
    [Parameter, EditorRequired]
    public Func<DateTimeOffset, CancellationToken, Task<IReadOnlyList<SeriesMark>>> ReadMarks { get; set; } = default!;

    /// <summary>Where the figures of a range are as CSV.</summary>
    [Parameter, EditorRequired]
    public Func<HistoryRange, string> CsvHref { get; set; } = default!;

    /// <summary>The heading over the charts.</summary>
    [Parameter]
    public string Heading { get; set; } = "History";

    /// <summary>The range, as in the address.</summary>
    [SupplyParameterFromQuery(Name = "range")]
    private string? RangeCode { get; set; }

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    private HistoryRange Shown => HistoryRange.Find(RangeCode) ?? HistoryRange.Default;

    private SeriesWindow Window => new(_history!.From, _history.To);

    private int Most => (int)(Shown.Length / _history!.Step) + 10;

    private TimeSeries Chart
    {
        set
        {
            if (value is not null)
            {
                _charts.Add(value);
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Every(Beat, GoOnAsync);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _ignored = RangeCode is { Length: > 0 } && HistoryRange.Find(RangeCode) is null ? RangeCode : null;
        if (_loaded != (Source, Shown))
        {
            _loaded = (Source, Shown);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var wanted = _loaded;
        try
        {
            var history = await Read(Shown, null, Closing);
            var marks = await ReadMarks(Clock.GetUtcNow() - Shown.Length, Closing);
            if (wanted != _loaded)
            {
                return;
            }

            (_failure, _history, _points, _marks) = (null, history, [.. history?.Points ?? []], marks);
            _rows.Clear();
            foreach (var chart in Charts)
            {
                _rows[chart] = chart.Rows(_points, history?.Step ?? Beat);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }
    }

    private IReadOnlyList<SeriesRow> Rows(HistoryChart chart) => _rows[chart];

    // The last point is asked for again: it grows until its step is over.
    private async Task GoOnAsync()
    {
        if (Visibility.IsHidden || _failure is not null || _history is null)
        {
            return;
        }

        if (_points.Count == 0)
        {
            await LoadAsync();
            StateHasChanged();
            return;
        }

        var wanted = _loaded;
        FigureHistory? news;
        IReadOnlyList<SeriesMark> marks;
        try
        {
            news = await Read(Shown, _points[^1].At, Closing);
            marks = await ReadMarks(Clock.GetUtcNow() - Shown.Length, Closing);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What is drawn stays; the next beat tries again, and the page says by itself when it is cut off.
            return;
        }

        // What was deleted has no history any more; the page keeps the last it knew.
        if (wanted == _loaded && news is not null)
        {
            await AppendAsync(news, marks);
        }
    }

    private async Task AppendAsync(FigureHistory news, IReadOnlyList<SeriesMark> marks)
    {
        _history = news;
        _points.RemoveAll(point => news.Points.Any(newer => newer.At == point.At) || point.At < news.From);
        var before = _points.Count == 0 ? null : _points[^1];
        _points.AddRange(news.Points);
        IReadOnlyList<HistoryPoint> added = before is null ? news.Points : [before, .. news.Points];
        foreach (var (chart, drawn) in Charts.Zip(_charts.TakeLast(Charts.Count)))
        {
            await drawn.AppendAsync(chart.Rows(added, news.Step), new SeriesWindow(news.From, news.To));
        }

        if (!marks.SequenceEqual(_marks))
        {
            _marks = marks;
            foreach (var drawn in _charts.TakeLast(Charts.Count))
            {
                await drawn.MarkAsync(marks);
            }
        }
    }
}
