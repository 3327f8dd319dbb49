using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Lists;
using Portal.Client.Components.Lists.Columns;
using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;

namespace Portal.Client.Pages.ConnectorTasks.List;

/// <summary>
/// The task list. Words of a row are rendered, figures are patched past the renderer, and the order stays under the pointer: when it would
/// change, a bar offers it.
/// </summary>
public partial class ConnectorTaskList
{
    private const int SparkPoints = 60;
    private static readonly TimeSpan RecountEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TotalsAlone = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<(string Status, StatusLook Look)> Statuses =
        [.. Enum.GetValues<ConnectorTaskStatus>().Select(status => (status.ToString(), StatusLook.Of(status)))];

    private static readonly IReadOnlyList<BulkAction> BulkChoices = [BulkAction.Restart, BulkAction.Pause, BulkAction.Resume, BulkAction.Delete];
    private static readonly IReadOnlyList<(string, string)> Sorts = ListColumn.Sorts(ConnectorTaskColumns.All);
    private readonly ConnectorTaskRows _rows = new();
    private readonly ListSelection _selection = new();
    private ShownColumns _columns = ShownColumns.Of(ConnectorTaskColumns.All, [], null);
    private Dictionary<string, IReadOnlyList<double>> _points = [];
    private ConnectorTaskMenu _menu = default!;
    private FeedPulse _pulse = default!;
    private IReadOnlyDictionary<string, int> _counts = new Dictionary<string, int>();
    private ListPage<ConnectorTaskView>? _next;
    private int _total;
    private int _moved;
    private TaskTotals _totals = TaskTotals.Empty;
    private IDisposable? _watch;
    private long _patchedAt;
    private bool _recount;
    private bool _interactive;
    private bool _pointed;
    private bool _focused;
    private DateTimeOffset? _silentSince;
    private string? _why;

    [Inject]
    private IConnectorTaskService Service { get; set; } = default!;

    [Inject]
    private ILiveFeed Feed { get; set; } = default!;

    [Inject]
    private CellPatch Cells { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private ConnectorTaskCommands Commands { get; set; } = default!;

    [Inject]
    private PreferenceState Preferences { get; set; } = default!;

    [Inject]
    private BulkActions Bulk { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    /// <inheritdoc/>
    protected override string Path => "/tasks";

    /// <inheritdoc/>
    protected override ListUrlRules Rules { get; } =
        new([.. Statuses.Select(status => status.Status)], ListColumns.Tasks, ByConnection: true, [.. ConnectorTaskColumns.All.Select(column => column.Key)], ByKafkaInstance: true);

    private Cell[] TotalCells =>
        [new(ConnectorTaskCells.TotalIn, Numbers.Rate(_totals.InPerSecond)), new(ConnectorTaskCells.TotalOut, Numbers.Rate(_totals.OutPerSecond))];

    private IReadOnlyList<string> ShownIds => [.. _rows.Shown.Select(row => row.Id)];

    private string FilterWords
    {
        get
        {
            string?[] words =
            [
                Query.Status.Count > 0 ? $"status {string.Join(" or ", Query.Status).ToLowerInvariant()}" : null,
                Query.Search is { } search ? $"“{search}” in name or id" : null,
                Query.ConnectionId is { } connection ? $"connection {connection}" : null,
                Query.KafkaInstanceId is { } instance ? $"Kafka instance {instance}" : null,
                Query.Region is { } region ? $"region {region}" : null,
                Query.Page > 1 ? $"page {Query.Page}" : null,
            ];
            return $"Nothing with {string.Join(", ", words.OfType<string>())}.";
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _pulse = new FeedPulse(Clock);
        _why = await Permissions.WhyReadOnlyAsync();
        await base.OnInitializedAsync();
    }

    /// <inheritdoc/>
    protected override Task<ListPage<ConnectorTaskView>> FetchAsync(ListQuery query, CancellationToken cancellationToken) =>
        Service.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    protected override async Task LoadedAsync()
    {
        _next = Rows;
        _selection.Follow(Query);
        _columns = ShownColumns.Of(ConnectorTaskColumns.All, Query.Columns, (await Preferences.ReadAsync()).Columns.GetValueOrDefault("tasks"));
        await ReadPastAsync(Rows!.Items);
        TakeNext();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        // Not before: while the page is prerendered there is no browser to patch.
        _interactive = true;
        var totals = Feed.WatchTotals();
        _totals = totals.Initial;
        Follow(totals, FollowAsync);
        WatchRows();
        Every(RecountEvery, LookAsync);
        StateHasChanged();
    }

    // Only what is on screen: the rest of ten thousand tasks counts in the totals alone.
    private void WatchRows()
    {
        _watch?.Dispose();
        var watch = Feed.WatchTasks(ShownIds);
        _rows.Take(watch.Initial);
        _watch = Follow(watch, FollowAsync);
    }

    private async Task FollowAsync(TaskTotals totals)
    {
        _pulse.Hear();
        _recount |= totals.Moves != _totals.Moves;
        _totals = totals;
        if (_silentSince is not null)
        {
            _silentSince = null;
            StateHasChanged();
        }

        // Rows in motion take them along: an update of their own would double what goes to the browser.
        if (Clock.GetElapsedTime(_patchedAt) >= TotalsAlone)
        {
            await Cells.ApplyAsync(TotalCells);
        }
    }

    private async Task FollowAsync(IReadOnlyList<ConnectorTaskLive> changes)
    {
        var change = _rows.Take(changes);
        if (change.Redraw)
        {
            _selection.Drop(_rows.Shown.Where(row => row.Live.IsDeleted).Select(row => row.Id));
            StateHasChanged();
        }

        await Cells.ApplyAsync(
        [
            .. change.Figures.SelectMany(ConnectorTaskCells.Of).Where(cell => _columns.Has(ConnectorTaskCells.ColumnOf(cell))),
            .. TotalCells,
        ]);
        _patchedAt = Clock.GetTimestamp();
    }

    // A change of status anywhere may change the counters and the order; they are asked for again, at most every two seconds.
    private async Task LookAsync()
    {
        if (Visibility.IsHidden)
        {
            _pulse.Hear();
            return;
        }

        if (_silentSince != _pulse.SilentSince)
        {
            _silentSince = _pulse.SilentSince;
            StateHasChanged();
        }

        if (_recount && !IsLoading && Rows is not null && Failure is null)
        {
            _recount = false;
            await RecountAsync();
        }
    }

    private async Task RecountAsync()
    {
        var query = Query;
        var next = await Service.ListAsync(query, Closing);
        if (query != Query || IsLoading)
        {
            return;
        }

        // Somebody may have paused or changed one of them meanwhile: the menu of its row must know.
        _rows.Renew(next.Items);
        (_next, _counts, _total, _moved) = (next, next.Counts, next.Total, _rows.Moved(next.Items));
        var busy = _pointed || _focused || _selection.IsAny;
        if (_moved > 0 && !busy)
        {
            await ReadPastAsync(next.Items);
            TakeNext();
        }

        StateHasChanged();
    }

    private void TakeNext()
    {
        if (_next is { } next)
        {
            (_counts, _total, _moved) = (next.Counts, next.Total, 0);
            _rows.Show(next.Items);
            Cells.Forget();
            if (_interactive)
            {
                WatchRows();
            }
        }
    }

    private async Task ReadPastAsync(IReadOnlyList<ConnectorTaskView> tasks)
    {
        var points = new Dictionary<string, IReadOnlyList<double>>();
        foreach (var task in tasks)
        {
            points[task.Id] = _points.GetValueOrDefault(task.Id)
                ?? [.. (await Service.RatesAsync(task.Id, Closing)).TakeLast(SparkPoints).Select(point => point.InPerSecond)];
        }

        _points = points;
    }

    private string Order(string? column) => Address(Query with { Sort = column, Page = 1 });

    private void SelectAll(bool chosen) => _selection.SetAll(chosen, ShownIds);

    /// <inheritdoc/>
    protected override async Task OnRowKeyAsync(string key, string row)
    {
        if (_why is not null || _rows.Shown.FirstOrDefault(shown => shown.Id == row) is not { } task || task.Live.Status == ConnectorTaskStatus.Deleting)
        {
            return;
        }

        switch (key)
        {
            case "e":
                Navigation.NavigateTo($"/tasks/{row}/edit");
                break;
            case "r":
                await Commands.RestartAsync([task]);
                break;
            case "p" when ConnectorTaskCommands.Rests(task):
                await Commands.ResumeAsync([task]);
                break;
            case "p":
                await Commands.PauseAsync([task]);
                break;
        }
    }

    private async Task ActAsync(BulkAction action)
    {
        if (await Bulk.RunTasksAsync(action, _selection.Chosen))
        {
            _selection.Clear();
        }
    }

    private async Task ChooseColumnsAsync(IReadOnlyList<string> columns)
    {
        await Preferences.SaveColumnsAsync("tasks", columns);
        Show(Query with { Columns = columns }, replace: true);
    }
}
