using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Charts;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;

namespace Portal.Client.Pages.Home;

/// <summary>
/// How everything stands. Read once a second while somebody can see it: figures are patched, words are rendered when they changed, and the
/// order of the first tasks changes at most every ten seconds, so that nothing jumps while it is read.
/// </summary>
public partial class HomePage
{
    private const int MostChanges = 5;
    private const int MostMarks = 100;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Reorder = TimeSpan.FromSeconds(10);

    private OverviewView? _view;
    private IReadOnlyList<TopTask> _busiest = [];
    private IReadOnlyList<TopTask> _backlogged = [];
    private IReadOnlyList<TopTask> _failing = [];
    private IReadOnlyList<RecentChange> _changes = [];
    private IReadOnlyList<HistoryPoint> _minutes = [];
    private DateTimeOffset _ordered;
    private string? _shownRegion;
    private string? _failure;
    private string? _readOnly;

    [SupplyParameterFromQuery(Name = "region")]
    private string? RegionCode { get; set; }

    [Inject]
    private IOverviewService Service { get; set; } = default!;

    [Inject]
    private IHistoryService History { get; set; } = default!;

    [Inject]
    private RegionState Regions { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    [Inject]
    private CellPatch Cells { get; set; } = default!;

    private string? Region => string.IsNullOrWhiteSpace(RegionCode) ? null : RegionCode.Trim();

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync() => _readOnly = await Permissions.WhyReadOnlyAsync();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        Regions.Set(Region);
        if (_view is null || _shownRegion != Region)
        {
            _shownRegion = Region;
            await ReadAsync();
        }
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            // Not before: while the page is prerendered there is no browser to patch.
            Every(Beat, GoOnAsync);
        }
    }

    private static bool SameWords(OverviewView a, OverviewView b) =>
        a.Tasks.Count == b.Tasks.Count && a.Tasks.All(pair => b.Count(pair.Key) == pair.Value)
        && a.NeedsYou.SequenceEqual(b.NeedsYou) && a.NeedsYouCount == b.NeedsYouCount
        && a.Recovering.SequenceEqual(b.Recovering) && a.RecoveringCount == b.RecoveringCount
        && (a.Connections, a.Unreachable, a.KafkaInstances) == (b.Connections, b.Unreachable, b.KafkaInstances)
        && a.Unaccounted == 0 == (b.Unaccounted == 0);

    private async Task ReadAsync()
    {
        try
        {
            _view = await Service.ReadAsync(Region, Closing);
            await OrderAsync(_view);
            _failure = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }
    }

    private async Task GoOnAsync()
    {
        if (Visibility.IsHidden || _view is not { } before)
        {
            return;
        }

        var region = Region;
        OverviewView now;
        var reorder = Clock.GetUtcNow() - _ordered >= Reorder;
        try
        {
            now = await Service.ReadAsync(region, Closing);
            if (reorder)
            {
                await OrderAsync(now);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
            StateHasChanged();
            return;
        }

        if (region != Region)
        {
            return;
        }

        _view = now;
        if (reorder || _failure is not null || !SameWords(before, now))
        {
            _failure = null;
            StateHasChanged();
            Cells.Forget();
        }

        await Cells.ApplyAsync(
        [
            .. OverviewTiles.Cells(now),
            .. now.Busiest.Select(task => new Cell(TopTasks.CellOf("busy", task.Id), Components.Texts.Numbers.Rate(task.Value))),
            .. now.Backlogged.Select(task => new Cell(TopTasks.CellOf("open", task.Id), Components.Texts.Numbers.Count((long)task.Value))),
        ]);
    }

    private async Task OrderAsync(OverviewView view)
    {
        _ordered = Clock.GetUtcNow();
        (_busiest, _backlogged, _failing) = (view.Busiest, view.Backlogged, view.Failing);
        _changes = await Service.ChangesAsync(_ordered - TimeSpan.FromDays(30), MostChanges, Closing);
        _minutes = (await History.OfAllAsync(Region, HistoryRange.Default, null, Closing)).Points;
    }

    private async Task<FigureHistory?> ReadHistoryAsync(HistoryRange range, DateTimeOffset? since, CancellationToken cancellationToken) =>
        await History.OfAllAsync(Region, range, since, cancellationToken);

    private async Task<IReadOnlyList<SeriesMark>> ReadMarksAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
    [
        .. (await Service.ChangesAsync(since, MostMarks, cancellationToken))
            .Select(change => new SeriesMark(change.At, $"{change.Text}, {change.Actor}", "--off", RecentChanges.Href(change) ?? "/tasks")),
    ];
}
