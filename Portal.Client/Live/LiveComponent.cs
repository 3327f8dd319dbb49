using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Portal.Client.Contracts;

namespace Portal.Client.Live;

/// <summary>
/// A component that follows something. The only place in the client that touches threads: what comes from a feed, a timer or a stream
/// arrives on the renderer's dispatcher, and nothing arrives after disposal.
/// </summary>
public abstract class LiveComponent : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly List<IDisposable> _owned = [];

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Clock { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    /// <summary>Begins the life of the component.</summary>
    protected LiveComponent() => Closing = _closing.Token;

    /// <summary>Cancelled when the component goes.</summary>
    // Taken once: what comes back from a dialog after the component has gone may still ask, and a disposed source would throw.
    protected CancellationToken Closing { get; }

    /// <summary>
    /// Follows a feed until the component goes or the returned value is disposed. <paramref name="changed"/> gets each change, one after
    /// the other;
    /// the initial state is the caller's to take. It does not render: call <see cref="ComponentBase.StateHasChanged"/> where the structure
    /// changed, and <see cref="CellPatch"/> for numbers.
    /// </summary>
    protected IDisposable Follow<T>(LiveWatch<T> watch, Func<T, Task> changed)
    {
        var following = new Following(_owned, watch);
        _ = FollowAsync(watch, changed);
        return following;
    }

    /// <summary>Calls <paramref name="tick"/> every <paramref name="interval"/> until the component goes. It does not render.</summary>
    protected void Every(TimeSpan interval, Func<Task> tick)
    {
        // A tick may come while the dispatcher is busy; it then waits for its turn like a click.
        var timer = Clock.CreateTimer(_ => _ = OnDispatcherAsync(tick), null, interval, interval);
        _owned.Add(timer);
    }

    /// <summary>
    /// Reads a stream of reports to its end, with a rendering after each. Cancelling is an end like another; returns whether it was
    /// reached.
    /// </summary>
    protected async Task<bool> ReadAsync<T>(IAsyncEnumerable<T> reports, Action<T> report, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var one in reports.WithCancellation(cancellationToken))
            {
                await InvokeAsync(() =>
                {
                    report(one);
                    StateHasChanged();
                });
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whatever a derived component has to end; called once.</summary>
    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        foreach (var owned in _owned.ToList())
        {
            owned.Dispose();
        }

        await CloseAsync();
        _closing.Dispose();
    }

    // A page that follows one thing after the other must not keep what it no longer follows.
    private sealed class Following : IDisposable
    {
        private readonly List<IDisposable> _owned;
        private readonly IDisposable _watch;

        public Following(List<IDisposable> owned, IDisposable watch)
        {
            (_owned, _watch) = (owned, watch);
            owned.Add(this);
        }

        public void Dispose()
        {
            _owned.Remove(this);
            _watch.Dispose();
        }
    }

    private async Task FollowAsync<T>(LiveWatch<T> watch, Func<T, Task> changed)
    {
        try
        {
            await foreach (var change in watch.Changes.WithCancellation(Closing))
            {
                await Visibility.WhenShownAsync(Closing);
                await InvokeAsync(() => Closing.IsCancellationRequested ? Task.CompletedTask : changed(change));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of a watch, by whichever side.
        }
        catch (JSDisconnectedException)
        {
            // The circuit went while a change was on its way.
        }
        catch (Exception exception) when (!Closing.IsCancellationRequested)
        {
            await DispatchExceptionAsync(exception);
        }
        catch (ObjectDisposedException)
        {
            // The same, seen by the renderer.
        }
    }

    private async Task OnDispatcherAsync(Func<Task> tick)
    {
        try
        {
            await InvokeAsync(() => _closing.IsCancellationRequested ? Task.CompletedTask : tick());
        }
        catch (Exception exception) when (exception is OperationCanceledException or JSDisconnectedException)
        {
            // A call to the browser that was on its way when the circuit went.
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            await DispatchExceptionAsync(exception);
        }
        catch (ObjectDisposedException)
        {
            // The same, seen by the renderer.
        }
    }
}
