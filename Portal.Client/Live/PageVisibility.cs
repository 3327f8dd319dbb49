namespace Portal.Client.Live;

/// <summary>
/// Whether the person can see the page. A hidden tab stops reading its feeds, which coalesce for it meanwhile, so it costs nothing.
/// </summary>
public sealed class PageVisibility
{
    private volatile TaskCompletionSource? _shown;

    /// <summary>Whether the tab is hidden.</summary>
    public bool IsHidden => _shown is not null;

    /// <summary>Told by the browser, through the layout.</summary>
    public void Set(bool hidden)
    {
        if (hidden)
        {
            _shown ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        else
        {
            var shown = _shown;
            _shown = null;
            shown?.TrySetResult();
        }
    }

    /// <summary>Completes at once while the page is seen, otherwise when it is seen again.</summary>
    public Task WhenShownAsync(CancellationToken cancellationToken) =>
        _shown is { } shown ? shown.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
}
