namespace Portal.Client.Live;

/// <summary>
/// Whether the page reads its feeds. A hidden tab does not, so that it costs nothing, nor does one whose live updates a person paused; the
/// feeds coalesce for it meanwhile.
/// </summary>
public sealed class PageVisibility
{
    private readonly Lock _lock = new();
    private volatile TaskCompletionSource? _shown;
    private bool _hidden;

    /// <summary>Whether the page rests: its tab is hidden, or its updates are paused.</summary>
    public bool IsHidden => _shown is not null;

    /// <summary>Whether a person paused the updates.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Raised when a person paused them, or went on.</summary>
    public event Action? PauseChanged;

    /// <summary>Told by the browser, through the layout.</summary>
    public void Set(bool hidden)
    {
        lock (_lock)
        {
            _hidden = hidden;
            Apply_NeedsLock();
        }
    }

    /// <summary>Pauses the live updates, or goes on.</summary>
    public void Pause(bool paused)
    {
        lock (_lock)
        {
            IsPaused = paused;
            Apply_NeedsLock();
        }

        PauseChanged?.Invoke();
    }

    /// <summary>Completes at once while the page reads, otherwise when it does again.</summary>
    public Task WhenShownAsync(CancellationToken cancellationToken) =>
        _shown is { } shown ? shown.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

    private void Apply_NeedsLock()
    {
        if (_hidden || IsPaused)
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
}
