using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Client.Components.Lists;
using Portal.Client.Components.Lists.Columns;
using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;
using Portal.Client.Pages.ConnectorTasks;

namespace Portal.Client.Pages.Clients;

/// <summary>
/// The MQTT clients of all tasks, or of one on its own page, with all that can be done to them. It looks every second while somebody sees it;
/// figures are patched past the renderer, words are rendered, and the order stays under the pointer.
/// </summary>
public partial class ClientTable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<(string, StatusLook)> Looks =
    [
        .. new[] { LiveClientStatus.Waiting, LiveClientStatus.Connecting, LiveClientStatus.Draining, LiveClientStatus.Closed, LiveClientStatus.Online }
            .Select(status => (status.ToString(), StatusLook.Of(status))),
    ];

    private static readonly IReadOnlyList<BulkAction> BulkChoices = [BulkAction.Disconnect, BulkAction.DeleteSession];

    private readonly ListSelection _selection = new();
    private readonly HashSet<string> _open = [];
    private ShownColumns _columns = ShownColumns.Of(ClientColumns.All, [], null);
    private RowMenu<ClientLine> _menu = default!;
    private IReadOnlyList<ClientLine> _shown = [];
    private IReadOnlyDictionary<string, int> _counts = new Dictionary<string, int>();
    private ListPage<ClientLine>? _next;
    private ViewerZone _zone = ViewerZone.Utc;
    private DateTimeOffset? _silentSince;
    private DateTimeOffset _heard;
    private string? _readOnly;
    private bool _pointed;
    private bool _focused;
    private int _total;
    private int _moved;

    /// <summary>Only those of this task, whose page it then stands on; null for all.</summary>
    [Parameter]
    public string? TaskId { get; set; }

    /// <summary>The head of the page, of what is shown; null where the list is a part of a page.</summary>
    [Parameter]
    public RenderFragment<ListQuery>? Title { get; set; }

    /// <summary>Shown when there is no client at all.</summary>
    [Parameter, EditorRequired]
    public RenderFragment Empty { get; set; } = default!;

    /// <summary>Why nothing may be changed, also by who has the right to; null when there is no such reason.</summary>
    [Parameter]
    public string? Why { get; set; }

    [Inject]
    private IClientService Clients { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    [Inject]
    private IConnectorTaskService Tasks { get; set; } = default!;

    [Inject]
    private ConnectorTaskCommands Commands { get; set; } = default!;

    [Inject]
    private BulkActions Bulk { get; set; } = default!;

    [Inject]
    private PreferenceState Preferences { get; set; } = default!;

    [Inject]
    private CellPatch Cells { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    /// <inheritdoc/>
    protected override string Path => TaskId is null ? "/clients" : $"/tasks/{TaskId}/clients";

    /// <inheritdoc/>
    protected override ListUrlRules Rules => new(
        Enum.GetNames<LiveClientStatus>(),
        [.. Sorts.Select(sort => sort.Key)],
        ByConnection: TaskId is null,
        Columns: [.. Columns.Select(column => column.Key)],
        ByClient: true,
        ByTask: TaskId is null);

    private IReadOnlyList<ListColumn> Columns => TaskId is null ? ClientColumns.All : ClientColumns.OfTask;

    private IReadOnlyList<(string Key, string Word)> Sorts => ClientColumns.SortsOf(Columns);

    // What is chosen on the page of a task lacks the columns that tell tasks apart, so that the two choices are two.
    private string ColumnsKey => TaskId is null ? "clients" : "task-clients";

    private string? Region => TaskId is null ? Query.Region : null;

    private string? ReadOnly => Why ?? _readOnly;

    // A task has one client unless more were asked for: one needs no filter.
    private bool HasFilters => TaskId is null || IsFiltered || Ignored.Count > 0 || _counts.Values.Sum() > 1;

    private IReadOnlyList<string> ShownIds => [.. _shown.Select(line => line.Client.ClientId)];

    private TimeWindow Window => new(HistoryRange.Find(Query.Age), Query.From, Query.To);

    private string Cleared => Address(new ListQuery { Region = Query.Region, Size = Query.Size, Columns = Query.Columns });

    private string Filtered
    {
        get
        {
            string?[] filters =
            [
                Query.Search is { } words ? $"id, host or endpoint contains “{words}”" : null,
                Query.Status.Count > 0 ? $"status is {string.Join(" or ", Query.Status.Select(status => StatusLook.Of(Enum.Parse<LiveClientStatus>(status)).Word))}" : null,
                Query.ConnectionId is { } connection ? $"connection is {connection}" : null,
                Query.TaskId is { } task ? $"task is {task}" : null,
                Query.ClientId is { } client ? $"id is {client}" : null,
                Query.UserName is { } user ? $"user is {user}" : null,
                Query.Address is { } address ? $"IP begins with {address}" : null,
                Window.IsAny ? null : $"session began {_zone.Words(Window)}",
            ];
            var whose = TaskId is null ? "a running task" : "this task";
            var which = filters.Any(filter => filter is not null) ? $" where {string.Join(" and ", filters.OfType<string>())}" : Query.Page > 1 ? $" on page {Query.Page}" : "";
            return $"No client of {whose}{which}{(Region is { } region ? $" in region {region}" : "")}.";
        }
    }

    /// <inheritdoc/>
    protected override Task<ListPage<ClientLine>> FetchAsync(ListQuery query, CancellationToken cancellationToken) =>
        Clients.ListAsync(Scoped(query), cancellationToken);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _readOnly = await Permissions.WhyReadOnlyAsync();
        await base.OnInitializedAsync();
        Every(LookEvery, LookAsync);
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _zone = await ViewerZone.ReadAsync(Browser, Closing);
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadedAsync()
    {
        _next = Rows;
        _selection.Follow(Scoped(Query));
        _columns = ShownColumns.Of(Columns, Query.Columns, (await Preferences.ReadAsync()).Columns.GetValueOrDefault(ColumnsKey));
        Heard();
        TakeNext();
    }

    /// <inheritdoc/>
    protected override Task OnRowKeyAsync(string key, string row) =>
        key == "r" && ReadOnly is null && _shown.FirstOrDefault(line => line.Client.ClientId == row) is { Client.Status: LiveClientStatus.Online } line
            ? DisconnectAsync(line)
            : Task.CompletedTask;

    private static string Key(ClientLine line) => $"{line.TaskId}/{line.Client.ClientId}";

    private static string? Typed(ChangeEventArgs change) => change.Value is string text && text.Trim() is { Length: > 0 } words ? words : null;

    private static string? WhyNoSession(ClientLine line) => line.Client is { CleanSession: true } or { SessionExpirySeconds: 0 }
        ? "The broker keeps no session of it; to disconnect it is enough."
        : null;

    private static string Granted(TaskClientLive client) => client.Subscriptions.Count == 0
        ? Numbers.Unknown
        : $"{Numbers.Plural(client.Subscriptions.Count, "filter")}, QoS {string.Join("/", client.Subscriptions.Select(one => one.GrantedQos?.ToString() ?? "–").Distinct())}";

    private ListQuery Scoped(ListQuery query) => TaskId is null ? query : query with { TaskId = TaskId, Region = null };

    private async Task LookAsync()
    {
        if (Visibility.IsHidden)
        {
            _heard = Clock.GetUtcNow();
            return;
        }

        if (IsLoading || Rows is null || Failure is not null)
        {
            return;
        }

        var query = Query;
        ListPage<ClientLine> next;
        try
        {
            next = await FetchAsync(query, Closing);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What is shown stays, and says how old it is.
            _silentSince = _heard;
            StateHasChanged();
            return;
        }

        if (query == Query && !IsLoading)
        {
            await TakeAsync(next);
        }
    }

    private async Task TakeAsync(ListPage<ClientLine> next)
    {
        var wasSilent = _silentSince is not null;
        Heard();
        var newer = next.Items.ToDictionary(Key);
        List<ClientLine> shown = [.. _shown.Select(line => newer.GetValueOrDefault(Key(line), line))];
        var moved = RowOrder.Moved([.. _shown.Select(Key)], [.. next.Items.Select(Key)]);
        var same = moved == _moved
            && next.Total == _total
            && next.Counts.Count == _counts.Count
            && next.Counts.All(pair => _counts.GetValueOrDefault(pair.Key) == pair.Value)
            && ClientFigures.SameWords([.. _shown.Select(line => line.Client)], [.. shown.Select(line => line.Client)]);
        (_next, _shown, _total, _moved) = (next, shown, next.Total, moved);
        _counts = next.Counts;
        if (moved > 0 && !_pointed && !_focused && !_selection.IsAny)
        {
            TakeNext();
        }

        if (!same || wasSilent)
        {
            Cells.Forget();
            StateHasChanged();
        }

        await Cells.ApplyAsync(_shown.SelectMany(line => ClientFigures.All(line.Client, _open.Contains(line.Client.ClientId))));
    }

    private void Heard()
    {
        _heard = Clock.GetUtcNow();
        _silentSince = null;
    }

    private void TakeNext()
    {
        if (_next is { } next)
        {
            (_shown, _total, _moved) = (next.Items, next.Total, 0);
            _counts = next.Counts;
            Cells.Forget();
        }
    }

    private string Sorted(string? sort) => Address(Query with { Sort = sort, Page = 1 });

    private void Toggle(string clientId)
    {
        // What stands in details that are opened now was rendered, and differs from what was sent when they were open before.
        Cells.Forget();
        if (!_open.Remove(clientId))
        {
            _open.Add(clientId);
        }
    }

    private string? WhyNot(ClientLine line) => ReadOnly ?? (line.Client.Status == LiveClientStatus.Online ? null : "It is not connected.");

    private void SelectAll(bool chosen) => _selection.SetAll(chosen, ShownIds);

    private async Task ActAsync(BulkAction action)
    {
        if (await Bulk.RunClientsAsync(action, _selection.Chosen))
        {
            _selection.Clear();
        }
    }

    private async Task ChooseColumnsAsync(IReadOnlyList<string> columns)
    {
        await Preferences.SaveColumnsAsync(ColumnsKey, columns);
        Show(Query with { Columns = columns }, replace: true);
    }

    private Task<bool> DeleteSessionAsync(ClientLine line) => Bulk.RunClientsAsync(BulkAction.DeleteSession, BulkSelection.Of([line.Client.ClientId]));

    private async Task DisconnectAsync(ClientLine line)
    {
        if (await Tasks.FindAsync(line.TaskId, Closing) is { } task)
        {
            await Commands.DisconnectAsync(task, line.Client.ClientId);
        }
    }
}
