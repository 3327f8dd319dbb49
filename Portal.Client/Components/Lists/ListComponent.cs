using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Portal.Client.Contracts;
using Portal.Client.Layout;
using Portal.Client.Live;

namespace Portal.Client.Components.Lists;

/// <summary>
/// A page with a list: reads the address, asks for its rows, and does so again when the address changes. A newer question ends an older
/// one, so that a slow answer never replaces a newer list; while it waits, the rows of before stay.
/// </summary>
public abstract class ListComponent<T> : LiveComponent
{
    private CancellationTokenSource? _loading;

    /// <summary>The navigation.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private RowKeys RowKeys { get; set; } = default!;

    /// <summary>The path of the list, for example <c>/tasks</c>.</summary>
    protected abstract string Path { get; }

    /// <summary>What its address may say.</summary>
    protected abstract ListUrlRules Rules { get; }

    /// <summary>What is shown.</summary>
    protected ListQuery Query { get; private set; } = new();

    /// <summary>What of the address was not understood.</summary>
    protected IReadOnlyList<string> Ignored { get; private set; } = [];

    /// <summary>The rows, or null before the first answer.</summary>
    protected ListPage<T>? Rows { get; private set; }

    /// <summary>Why the rows could not be read, or null.</summary>
    protected Exception? Failure { get; private set; }

    /// <summary>Whether an answer is awaited.</summary>
    protected bool IsLoading { get; private set; }

    /// <summary>Whether anything but the page and the order narrows the list.</summary>
    protected bool IsFiltered => !Query.HasFilterOf(new ListQuery { Region = Query.Region });

    /// <summary>Asks for the rows.</summary>
    protected abstract Task<ListPage<T>> FetchAsync(ListQuery query, CancellationToken cancellationToken);

    /// <summary>Called after new rows have come and before they are rendered.</summary>
    protected virtual Task LoadedAsync() => Task.CompletedTask;

    /// <summary>Called with a key that was pressed on a row, one of those that its <c>data-row-keys</c> names, and the <c>data-row</c> of that row.</summary>
    protected virtual Task OnRowKeyAsync(string key, string row) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        RowKeys.Pressed += OnRowKeyAsync;
        Navigation.LocationChanged += OnLocationChanged;
        await ReadAddressAsync();
    }

    /// <summary>Changes what is shown, through the address. Typing replaces the entry of the history; a choice adds one.</summary>
    protected void Show(ListQuery query, bool replace = false) =>
        Navigation.NavigateTo(ListUrlState.Format(Path, query), new NavigationOptions { ReplaceHistoryEntry = replace });

    /// <summary>The address of a query, for links.</summary>
    protected string Address(ListQuery query) => ListUrlState.Format(Path, query);

    /// <summary>Asks for the rows again; nothing when the page has gone meanwhile, for example behind an open dialog.</summary>
    protected async Task ReloadAsync()
    {
        if (Closing.IsCancellationRequested)
        {
            return;
        }

        _loading?.Cancel();
        using var loading = _loading = CancellationTokenSource.CreateLinkedTokenSource(Closing);
        IsLoading = true;
        StateHasChanged();
        try
        {
            var rows = await FetchAsync(Query, loading.Token);
            if (loading.IsCancellationRequested)
            {
                return;
            }

            Rows = rows;
            Failure = null;
            await LoadedAsync();
        }
        catch (OperationCanceledException) when (loading.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            Failure = exception;
        }

        if (_loading == loading)
        {
            _loading = null;
            IsLoading = false;
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync()
    {
        RowKeys.Pressed -= OnRowKeyAsync;
        Navigation.LocationChanged -= OnLocationChanged;
        return base.CloseAsync();
    }

    private async Task ReadAddressAsync()
    {
        (Query, Ignored) = ListUrlState.Parse(Navigation.Uri, Rules);
        await ReloadAsync();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change)
    {
        if (new Uri(change.Location).AbsolutePath.Equals(Path, StringComparison.OrdinalIgnoreCase))
        {
            _ = InvokeAsync(ReadAddressAsync);
        }
    }
}
