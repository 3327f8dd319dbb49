using Microsoft.AspNetCore.Components;
using Portal.Client.Components.Lists;
using Portal.Client.Components.Lists.Columns;
using Portal.Client.Components.Lists.Selecting;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;

namespace Portal.Client.Pages.Connections;

/// <summary>
/// The list of connections. It looks again every three seconds while somebody sees it: what changed is shown in its row at once, and the
/// order stays under the pointer.
/// </summary>
public partial class ConnectionsPage
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);
    private static readonly IReadOnlyList<BulkAction> BulkChoices = [BulkAction.Test, BulkAction.Delete];

    private static readonly IReadOnlyList<ListColumn> Columns =
    [
        new("status", "Status", Sort: "status"),
        new("type", "Type", Room: "only-wider"),
        new("cluster", "MQTT cluster", Sort: "cluster"),
        new("region", "Region", Sort: "region"),
        new("tasks", "Tasks", "right", "tasks"),
        new("checked", "Last check", Sort: "checked"),
        new("created", "Created", Sort: "created", Room: "only-roomy"),
        new("updated", "Updated", Sort: "updated", IsShown: false),
        new("user", "User name", IsShown: false),
        new("endpoint", "Endpoint", IsShown: false),
    ];

    private static readonly IReadOnlyList<(string, string)> Sorts = ListColumn.Sorts(Columns);

    private static readonly IReadOnlyList<(string, StatusLook)> Looks = [.. Enum.GetValues<ConnectionStatus>().Select(status => (status.ToString(), StatusLook.Of(status)))];

    private static readonly ListUrlRules UrlRules =
        new(Enum.GetNames<ConnectionStatus>(), ListColumns.Connections, Columns: [.. Columns.Select(column => column.Key)], ByMqttCluster: true);

    private readonly ListSelection _selection = new();
    private ShownColumns _columns = ShownColumns.Of(Columns, [], null);
    private IReadOnlyList<ConnectionView> _shown = [];
    private IReadOnlyDictionary<string, int> _counts = new Dictionary<string, int>();
    private ListPage<ConnectionView>? _next;
    private RowMenu<ConnectionView> _menu = default!;
    private int _total;
    private int _moved;
    private bool _pointed;
    private bool _focused;
    private string? _readOnly;

    [Inject]
    private IConnectionService Connections { get; set; } = default!;

    [Inject]
    private ConnectionActions Actions { get; set; } = default!;

    [Inject]
    private BulkActions Bulk { get; set; } = default!;

    [Inject]
    private Permissions Permissions { get; set; } = default!;

    [Inject]
    private PreferenceState Preferences { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    /// <inheritdoc/>
    protected override string Path => "/connections";

    /// <inheritdoc/>
    protected override ListUrlRules Rules => UrlRules;

    private IReadOnlyList<string> ShownIds => [.. _shown.Select(row => row.Id)];

    /// <inheritdoc/>
    protected override Task<ListPage<ConnectionView>> FetchAsync(ListQuery query, CancellationToken cancellationToken) =>
        Connections.ListAsync(query, cancellationToken);

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
        _columns = ShownColumns.Of(Columns, Query.Columns, (await Preferences.ReadAsync()).Columns.GetValueOrDefault("connections"));
        TakeNext();
    }

    /// <inheritdoc/>
    protected override Task OnRowKeyAsync(string key, string row)
    {
        if (key == "e" && _readOnly is null && ShownIds.Contains(row))
        {
            Navigation.NavigateTo($"/connections/{row}/settings");
        }

        return Task.CompletedTask;
    }

    private async Task LookAsync()
    {
        if (Visibility.IsHidden || IsLoading || Rows is null || Failure is not null)
        {
            return;
        }

        var query = Query;
        var next = await FetchAsync(query, Closing);
        if (query != Query || IsLoading)
        {
            return;
        }

        var moved = RowOrder.Moved(ShownIds, [.. next.Items.Select(row => row.Id)]);
        var newer = next.Items.ToDictionary(row => row.Id);
        List<ConnectionView> shown = [.. _shown.Select(row => newer.GetValueOrDefault(row.Id, row))];
        var sameCounts = next.Total == _total && next.Counts.Count == _counts.Count && next.Counts.All(pair => _counts.GetValueOrDefault(pair.Key) == pair.Value);
        if (moved == _moved && sameCounts && shown.SequenceEqual(_shown))
        {
            return;
        }

        (_next, _total, _moved, _shown) = (next, next.Total, moved, shown);
        _counts = next.Counts;
        if (moved > 0 && !_pointed && !_focused && !_selection.IsAny)
        {
            TakeNext();
        }

        StateHasChanged();
    }

    private void TakeNext()
    {
        if (_next is { } next)
        {
            (_shown, _total, _moved) = (next.Items, next.Total, 0);
            _counts = next.Counts;
        }
    }

    private void SelectAll(bool chosen) => _selection.SetAll(chosen, ShownIds);

    private async Task ActAsync(BulkAction action)
    {
        if (await Bulk.RunConnectionsAsync(action, _selection.Chosen))
        {
            _selection.Clear();
        }
    }

    private async Task ChooseColumnsAsync(IReadOnlyList<string> columns)
    {
        await Preferences.SaveColumnsAsync("connections", columns);
        Show(Query with { Columns = columns }, replace: true);
    }

    private string Sorted(string? sort) => Address(Query with { Sort = sort, Page = 1 });

    private string Filtered()
    {
        var statuses = Query.Status.Select(status => StatusLook.Of(Enum.Parse<ConnectionStatus>(status)).Word);
        if (!IsFiltered)
        {
            return $"There is nothing on page {Query.Page} any more.";
        }

        string?[] filters =
        [
            Query.Search is { } words ? $"name or id contains “{words}”" : null,
            Query.Status.Count > 0 ? $"status is {string.Join(" or ", statuses)}" : null,
            Query.MqttClusterId is { } cluster ? $"MQTT cluster is {cluster}" : null,
        ];
        return $"None where {string.Join(" and ", filters.Where(filter => filter is not null))}{(Query.Region is { } region ? $" in region {region}" : "")}.";
    }

    private async Task TestAsync(ConnectionView connection)
    {
        await Actions.TestAsync(connection);
        await ReloadAsync();
    }

    private async Task DeleteAsync(ConnectionView connection)
    {
        await Actions.DeleteAsync(connection, Closing);
        await ReloadAsync();
    }
}
