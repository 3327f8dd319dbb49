using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Lists;
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

    private static readonly IReadOnlyList<(string, string)> Sorts =
    [
        ("client", "Client"), ("status", "Status"), ("task", "Task"), ("connected", "Connected"), ("inflight", "In flight"), ("rate", "msg/s"), ("reconnects", "Reconnects"),
    ];

    private readonly HashSet<string> _open = [];
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
    private CellPatch Cells { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    /// <inheritdoc/>
    protected override string Path => "/clients";

    /// <inheritdoc/>
    protected override ListUrlRules Rules { get; } = new(Enum.GetNames<LiveClientStatus>(), ListColumns.Clients, ByConnection: true, ByTask: true);

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
    protected override Task LoadedAsync()
    {
        _next = Rows;
        Heard();
        TakeNext();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task OnRowKeyAsync(string key, string row) =>
        key == "r" && _readOnly is null && _shown.FirstOrDefault(line => line.Client.ClientId == row) is { Client.Status: LiveClientStatus.Online } line
            ? DisconnectAsync(line)
            : Task.CompletedTask;

    private static string Key(ClientLine line) => $"{line.TaskId}/{line.Client.ClientId}";

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
        if (moved > 0 && !_pointed && !_focused)
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

    private async Task DisconnectAsync(ClientLine line)
    {
        if (await Tasks.FindAsync(line.TaskId, Closing) is { } task)
        {
            await Commands.DisconnectAsync(task, line.Client.ClientId);
        }
    }
}
