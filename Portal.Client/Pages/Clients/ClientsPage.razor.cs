using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Lists;
using Portal.Client.Components.Lists.Columns;
using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;
using Portal.Client.Pages.ConnectorTasks;
using Portal.Client.Pages.ConnectorTasks.Detail;

namespace Portal.Client.Pages.Clients;

/// <summary>
/// The MQTT clients of all tasks. It looks every second while somebody sees it; figures are patched past the renderer, words are rendered,
/// and the order stays under the pointer.
/// </summary>
public partial class ClientsPage
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private static readonly IReadOnlyList<(string, StatusLook)> Looks =
    [
        .. new[] { LiveClientStatus.Waiting, LiveClientStatus.Connecting, LiveClientStatus.Draining, LiveClientStatus.Closed, LiveClientStatus.Online }
            .Select(status => (status.ToString(), StatusLook.Of(status))),
    ];

    private static readonly IReadOnlyList<BulkAction> BulkChoices = [BulkAction.Disconnect, BulkAction.DeleteSession];

    private static readonly ListUrlRules UrlRules = new(
        Enum.GetNames<LiveClientStatus>(), ListColumns.Clients, ByConnection: true, Columns: [.. ClientColumns.All.Select(column => column.Key)], ByClient: true);

    private readonly ListSelection _selection = new();
    private readonly HashSet<string> _open = [];
    private ShownColumns _columns = ShownColumns.Of(ClientColumns.All, [], null);
    private RowMenu<ClientLine> _menu = default!;
    private IReadOnlyList<ClientLine> _shown = [];
    private IReadOnlyDictionary<string, int> _counts = new Dictionary<string, int>();
    private ListPage<ClientLine>? _next;
    private DateTimeOffset? _silentSince;
    private DateTimeOffset _heard;
    private string? _readOnly;
    private bool _pointed;
    private bool _focused;
    private int _total;
    private int _moved;

    [Inject]
    private IClientService Clients { get; set; } = default!;

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
    protected override string Path => "/clients";

    /// <inheritdoc/>
    protected override ListUrlRules Rules => UrlRules;

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
                Window.IsAny ? null : $"session began {Window.Words}",
            ];
            var which = filters.Any(filter => filter is not null) ? $" where {string.Join(" and ", filters.OfType<string>())}" : Query.Page > 1 ? $" on page {Query.Page}" : "";
            return $"No client of a running task{which}{(Query.Region is { } region ? $" in region {region}" : "")}.";
        }
    }

    /// <inheritdoc/>
    protected override Task<ListPage<ClientLine>> FetchAsync(ListQuery query, CancellationToken cancellationToken) => Clients.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _readOnly = await Permissions.WhyReadOnlyAsync();
        await base.OnInitializedAsync();
        Every(LookEvery, LookAsync);
    }

    /// <inheritdoc/>
    protected override async Task LoadedAsync()
    {
        _next = Rows;
        _selection.Follow(Query);
        _columns = ShownColumns.Of(ClientColumns.All, Query.Columns, (await Preferences.ReadAsync()).Columns.GetValueOrDefault("clients"));
        Heard();
        TakeNext();
    }

    /// <inheritdoc/>
    protected override Task OnRowKeyAsync(string key, string row) =>
        key == "r" && _readOnly is null && _shown.FirstOrDefault(line => line.Client.ClientId == row) is { Client.Status: LiveClientStatus.Online } line
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

    private string? WhyNot(ClientLine line) => _readOnly ?? (line.Client.Status == LiveClientStatus.Online ? null : "It is not connected.");

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
        await Preferences.SaveColumnsAsync("clients", columns);
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
