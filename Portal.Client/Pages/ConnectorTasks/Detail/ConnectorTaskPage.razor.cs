using Microsoft.AspNetCore.Components;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;
using Portal.Client.Pages.Clients;

namespace Portal.Client.Pages.ConnectorTasks.Detail;

/// <summary>
/// The page of one task. What is asked comes from the service and is read again when something happens; what is observed comes from the
/// feed:
/// its words are rendered, its figures are patched.
/// </summary>
public partial class ConnectorTaskPage
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private ConnectorTaskView? _task;
    private ConnectorTaskLive _live = default!;
    private IReadOnlyList<TaskClientLive> _clients = [];
    private FeedPulse _pulse = default!;
    private List<IDisposable> _watches = [];
    private DateTimeOffset? _silentSince;
    private string? _shownId;
    private string? _failure;
    private string? _readOnly;
    private bool _missing;
    private bool _interactive;
    private int _edits;

    /// <summary>Which task.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>The tab, as in the address; nothing for the overview.</summary>
    [Parameter]
    public string? Tab { get; set; }

    [Inject]
    private IConnectorTaskService Service { get; set; } = default!;

    [Inject]
    private ILiveFeed Feed { get; set; } = default!;

    [Inject]
    private CellPatch Cells { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    [Inject]
    private RegionState Regions { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string Shown => Tab switch
    {
        "clients" or "mapping" or "messages" or "dead-letters" or "events" or "settings" => Tab,
        "edit" => "settings",
        _ => "overview",
    };

    private string? Why => _live is { IsDeleted: true } ? "The task was deleted." : _readOnly;

    private static IEnumerable<(string Slug, string Word)> Tabs { get; } =
    [
        ("overview", "Overview"), ("clients", "Clients"), ("mapping", "Mapping"), ("messages", "Messages"), ("dead-letters", "Dead letters"),
        ("events", "Events"), ("settings", "Settings"),
    ];

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _pulse = new FeedPulse(Clock);
        _readOnly = await Permissions.WhyReadOnlyAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        // A tab that is opened again holds what was rendered now, not what was sent before.
        Cells.Forget();
        if (_shownId == Id)
        {
            return;
        }

        (_shownId, _task, _missing, _clients) = (Id, null, false, []);
        await LoadAsync();
        if (_interactive)
        {
            Watch();
        }
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            // Not before: while the page is prerendered there is no browser to patch.
            _interactive = true;
            Watch();
            Follow(Feed.WatchTotals(), _ =>
            {
                _pulse.Hear();
                return _silentSince is null ? Task.CompletedTask : Look();
            });
            Every(LookEvery, Look);
        }
    }

    private string Href(string slug) => slug == "overview" ? $"/tasks/{Id}" : $"/tasks/{Id}/{slug}";

    private async Task LoadAsync()
    {
        var id = Id;
        try
        {
            var task = await Service.FindAsync(id, Closing);
            if (id != Id)
            {
                return;
            }

            _failure = null;
            // A page that is open keeps what it knew when the task goes.
            _missing = task is null && _task is null;
            _task = task ?? _task;
            if (task is not null && (_live is null || _live.Id != id || _live.ObservedAt <= task.Live.ObservedAt))
            {
                _live = task.Live;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }
    }

    private void Watch()
    {
        _watches.ForEach(watch => watch.Dispose());
        var tasks = Feed.WatchTasks([Id]);
        var clients = Feed.WatchClients(Id);
        _clients = clients.Initial.Clients;
        _live = tasks.Initial is [var live] ? live : _live;

        _watches = [Follow(tasks, TakeAsync), Follow(clients, TakeAsync)];
        StateHasChanged();
    }

    private async Task TakeAsync(IReadOnlyList<ConnectorTaskLive> changes)
    {
        if (changes.FirstOrDefault(live => live.Id == Id) is not { } live || _task is null)
        {
            return;
        }

        var before = _live;
        _live = live;
        if (!SameWords(before, live))
        {
            // A new status may come from a command of somebody else: what is asked and stored is read with it.
            await LoadAsync();
            StateHasChanged();
        }

        await Cells.ApplyAsync(TaskFigures.All(live));
    }

    private async Task TakeAsync(TaskClientsLive clients)
    {
        var same = ClientFigures.SameWords(_clients, clients.Clients);
        _clients = clients.Clients;
        if (!same)
        {
            StateHasChanged();
        }

        // The table of the clients' own tab looks and patches by itself.
        if (Shown == "overview")
        {
            await Cells.ApplyAsync(_clients.Select(client => new Cell(ClientFigures.Key(client, "rate"), ClientFigures.Rate(client))));
        }
    }

    private Task Look()
    {
        if (Visibility.IsHidden)
        {
            _pulse.Hear();
        }
        else if (_silentSince != _pulse.SilentSince)
        {
            _silentSince = _pulse.SilentSince;
            StateHasChanged();
        }

        return Task.CompletedTask;
    }

    private async Task OnSavedAsync()
    {
        await LoadAsync();
        _edits++;
        Navigation.NavigateTo($"/tasks/{Id}/settings");
    }

    private static bool SameWords(ConnectorTaskLive a, ConnectorTaskLive b) =>
        a.Status == b.Status && a.Since == b.Since && a.Cause == b.Cause && a.NeedsYou == b.NeedsYou
        && a.Attempt == b.Attempt && a.AttemptsAllowed == b.AttemptsAllowed && a.SessionsKeptUntil == b.SessionsKeptUntil
        && a.OwedSessions == b.OwedSessions && a.SessionExpirySeconds == b.SessionExpirySeconds && a.BacklogLimit == b.BacklogLimit
        && (a.OutageBudgetSeconds is null) == (b.OutageBudgetSeconds is null) && (a.PublishLatencyP50 is null) == (b.PublishLatencyP50 is null) && a.NextAttemptAt == b.NextAttemptAt && a.RestartToApply == b.RestartToApply
        && a.ClientsAsked == b.ClientsAsked && a.RunStartedAt == b.RunStartedAt && a.IsDeleted == b.IsDeleted
        && a.Books.DeadLettered > 0 == b.Books.DeadLettered > 0 && a.Window == b.Window && a.Books.Unaccounted == b.Books.Unaccounted
        && a.InPerSecond > 0 == b.InPerSecond > 0 && a.OutPerSecond > 0 == b.OutPerSecond > 0
        && a.Warnings.SequenceEqual(b.Warnings) && a.Discards.Count == b.Discards.Count;
}
