using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Charts;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Pages.ConnectorTasks.Detail.Charts;

/// <summary>
/// The stored figures of a task as charts on one axis of time, with what happened meanwhile. The range stands in the address and ends now:
/// every step's end adds a point without a rendering.
/// </summary>
public partial class TaskCharts
{
    private const int MostMarks = 100;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TaskChart, IReadOnlyList<SeriesRow>> _rows = [];
    private readonly List<TimeSeries> _charts = [];
    private List<HistoryPoint> _points = [];
    private IReadOnlyList<SeriesMark> _marks = [];
    private FigureHistory? _history;
    private (string Task, HistoryRange Range)? _loaded;
    private string? _failure;
    private string? _ignored;

    /// <summary>Whose.</summary>
    [Parameter, EditorRequired]
    public string TaskId { get; set; } = "";

    /// <summary>The range, as in the address.</summary>
    [SupplyParameterFromQuery(Name = "range")]
    private string? RangeCode { get; set; }

    [Inject]
    private IHistoryService Service { get; set; } = default!;

    [Inject]
    private ITaskEventService Events { get; set; } = default!;

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
        if (_loaded != (TaskId, Shown))
        {
            _loaded = (TaskId, Shown);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var wanted = _loaded;
        try
        {
            var history = await Service.OfTaskAsync(TaskId, Shown, null, Closing);
            var marks = await ReadMarksAsync(Shown);
            if (wanted != _loaded)
            {
                return;
            }

            (_failure, _history, _points, _marks) = (null, history, [.. history?.Points ?? []], marks);
            _rows.Clear();
            foreach (var chart in TaskChart.All)
            {
                _rows[chart] = chart.Rows(_points, history?.Step ?? Beat);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }
    }

    private IReadOnlyList<SeriesRow> Rows(TaskChart chart) => _rows[chart];

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
            news = await Service.OfTaskAsync(TaskId, Shown, _points[^1].At, Closing);
            marks = await ReadMarksAsync(Shown);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What is drawn stays; the next beat tries again, and the page says by itself when it is cut off.
            return;
        }

        // A deleted task has no history any more; the page keeps the last it knew.
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
        foreach (var (chart, drawn) in TaskChart.All.Zip(_charts.TakeLast(TaskChart.All.Count)))
        {
            await drawn.AppendAsync(chart.Rows(added, news.Step), new SeriesWindow(news.From, news.To));
        }

        if (!marks.SequenceEqual(_marks))
        {
            _marks = marks;
            foreach (var drawn in _charts.TakeLast(TaskChart.All.Count))
            {
                await drawn.MarkAsync(marks);
            }
        }
    }

    private async Task<IReadOnlyList<SeriesMark>> ReadMarksAsync(HistoryRange range)
    {
        var query = new TaskEventQuery { Kinds = TaskEventQuery.Marks, From = Clock.GetUtcNow() - range.Length, Count = MostMarks };
        return [.. (await Events.FindAsync(TaskId, query, Closing)).Select(Mark)];
    }

    private SeriesMark Mark(TaskEvent one) => new(
        one.At,
        one.Text.Split('\n')[0],
        one.Severity switch
        {
            EventSeverity.Error => "--bad",
            EventSeverity.Warning => "--warn",
            _ => "--off",
        },
        $"/tasks/{TaskId}/events?event=evt_{one.Id}");
}
