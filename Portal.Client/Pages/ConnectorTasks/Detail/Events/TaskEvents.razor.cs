using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Client.Components.Texts;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Client.Pages.ConnectorTasks.Detail.Events;

/// <summary>
/// What happened to a task, by day. The filters and the event that a link points at stand in the address; what comes meanwhile waits behind a
/// bar, so that nothing moves while somebody reads.
/// </summary>
public partial class TaskEvents
{
    private const int Page = 100;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private EventUrl _filter = EventUrl.All;
    private List<TaskEvent>? _events;
    private IReadOnlyList<TaskEvent> _newer = [];
    private (string Task, EventUrl Filter, long? Event)? _loaded;
    private TaskEvent? _cameFrom;
    private string? _failure;
    private bool _mayBeMore;
    private bool _missing;
    private bool _toScroll;
    private ViewerZone _zone = ViewerZone.Utc;

    /// <summary>Whose.</summary>
    [Parameter, EditorRequired]
    public string TaskId { get; set; } = "";

    [SupplyParameterFromQuery(Name = "kind")]
    private string? Kind { get; set; }

    [SupplyParameterFromQuery(Name = "severity")]
    private string? Severity { get; set; }

    [SupplyParameterFromQuery(Name = "actor")]
    private string? Actor { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    private string? Words { get; set; }

    [SupplyParameterFromQuery(Name = "age")]
    private string? Age { get; set; }

    [SupplyParameterFromQuery(Name = "event")]
    private string? Event { get; set; }

    [Inject]
    private ITaskEventService Service { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    [Inject]
    private IJSRuntime Browser { get; set; } = default!;

    private string Path => $"/tasks/{TaskId}/events";

    private long? EventId => EventUrl.IdOf(Event);

    /// <inheritdoc/>
    protected override void OnInitialized() => Every(LookEvery, LookAsync);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        _filter = EventUrl.Parse(Kind, Severity, Actor, Words, Age);
        if (_loaded != (TaskId, _filter, EventId))
        {
            _loaded = (TaskId, _filter, EventId);
            _zone = await ViewerZone.ReadAsync(Browser, Closing);
            await LoadAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_toScroll && _cameFrom is { } one)
        {
            _toScroll = false;
            await Browser.InvokeVoidAsync("portal.focus", $"#event-{one.Id}");
        }
    }

    private static string? Typed(ChangeEventArgs change) => change.Value is string { Length: > 0 } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private IReadOnlyList<string> Toggled(string kind) =>
        [.. TaskEventQuery.AllKinds.Where(one => one == kind ? !_filter.Kinds.Contains(one) : _filter.Kinds.Contains(one))];

    private void Go(EventUrl filter) => Navigation.NavigateTo(filter.Format(Path));

    private string Export(string what)
    {
        var query = _filter.Format("");
        var from = _filter.Age is { } age ? $"&from={Uri.EscapeDataString((Clock.GetUtcNow() - age.Length).ToString("O"))}" : "";
        return $"/api/v1/tasks/{TaskId}/{what}?count=1000{(query.Length > 0 ? $"&{query[1..]}" : "")}{from}";
    }

    private async Task LoadAsync()
    {
        var wanted = _loaded;
        try
        {
            var query = _filter.Query(Clock.GetUtcNow()) with { Count = Page };
            var chosen = EventId is { } id ? await ChosenAsync(id) : null;
            // A link shows its event with what came right before and after it; further ones are a click away.
            List<TaskEvent> events = chosen is null
                ? [.. await Service.FindAsync(TaskId, query, Closing)]
                : await AroundAsync(chosen, query);
            if (wanted != _loaded)
            {
                return;
            }

            (_events, _newer, _failure, _cameFrom) = (events, [], null, chosen);
            _mayBeMore = events.Count >= Page;
            _missing = EventId is not null && chosen is null;
            _toScroll = chosen is not null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failure = exception.Message;
        }
    }

    private async Task<TaskEvent?> ChosenAsync(long id) =>
        await Service.FindAsync(TaskId, new() { Before = id + 1, After = id - 1, Count = 1 }, Closing) is [var found, ..] ? found : null;

    private async Task<List<TaskEvent>> AroundAsync(TaskEvent chosen, TaskEventQuery query)
    {
        var newer = await Service.FindAsync(TaskId, query with { After = chosen.Id, Count = 1_000 }, Closing);
        var older = await Service.FindAsync(TaskId, query with { Before = chosen.Id }, Closing);
        return [.. newer, chosen, .. older];
    }

    private async Task LoadOlderAsync()
    {
        var older = await Service.FindAsync(TaskId, _filter.Query(Clock.GetUtcNow()) with { Before = _events![^1].Id, Count = Page }, Closing);
        _events.AddRange(older);
        _mayBeMore = older.Count == Page;
    }

    private async Task LookAsync()
    {
        if (_events is null || _failure is not null || Visibility.IsHidden)
        {
            return;
        }

        var wanted = _loaded;
        var newest = _events.Count > 0 ? _events[0].Id : 0;
        var newer = await Service.FindAsync(TaskId, _filter.Query(Clock.GetUtcNow()) with { After = newest, Count = 1_000 }, Closing);
        if (wanted == _loaded && newer.Count != _newer.Count)
        {
            _newer = newer;
            StateHasChanged();
        }
    }

    private void ShowNewer()
    {
        _events!.InsertRange(0, _newer);
        _newer = [];
    }
}
