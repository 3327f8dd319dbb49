using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Client.Pages.Clusters.Editing;

/// <summary>
/// Carries out once what the address of a page orders, for example <c>?restore=3</c>. The order leaves the address first: after a reload what was
/// typed counts, and not what the form began with; and a change of the address closes dialogs.
/// </summary>
public sealed class AddressOrder : ComponentBase, IDisposable
{
    private string? _taken;
    private bool _gone;

    /// <summary>Its name in the address.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>Whether it may be carried out: what it needs is read, and the person may.</summary>
    [Parameter, EditorRequired]
    public bool Ready { get; set; }

    /// <summary>Called with what stood in the address.</summary>
    [Parameter, EditorRequired]
    public EventCallback<string> Run { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string? Asked =>
        QueryHelpers.ParseQuery(Navigation.ToAbsoluteUri(Navigation.Uri).Query).GetValueOrDefault(Name).ToString() is { Length: > 0 } order ? order : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone = true;
        Navigation.LocationChanged -= OnLocationChanged;
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    /// <inheritdoc/>
    // Not before the first rendering: the router is not there yet.
    protected override void OnAfterRender(bool firstRender)
    {
        if (Ready && _taken is null && Asked is { } order)
        {
            _taken = order;
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(Name, (string?)null), new NavigationOptions { ReplaceHistoryEntry = true });
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(FollowAsync);

    private async Task FollowAsync()
    {
        if (_gone || _taken is not { } order || Asked is not null)
        {
            // On the same page the address may bring an order at any time.
            StateHasChanged();
            return;
        }

        try
        {
            _taken = null;
            // The dialogs that this change of the address closes must not be the one that is opened now.
            await Task.Yield();
            await Run.InvokeAsync(order);
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
