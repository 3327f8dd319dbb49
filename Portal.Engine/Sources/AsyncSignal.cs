using System.Threading.Tasks.Sources;

namespace Portal.Engine.Sources;

/// <summary>
/// Wakes one waiter. A signal that nobody waits for is kept for the next; several are one. Allocates nothing after its first timeout.
/// </summary>
/// <remarks>A waiter may wake without cause (a timeout that fires late), so it looks again at what it waits for.</remarks>
internal sealed class AsyncSignal(TimeProvider time) : IValueTaskSource<bool>, IDisposable
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private ITimer? _timer;
    private bool _set;
    private bool _waiting;

    public void Set() => Wake(signalled: true);

    /// <summary>Waits for <see cref="Set"/>; false when <paramref name="timeout"/> came first.</summary>
    public ValueTask<bool> WaitAsync(TimeSpan timeout)
    {
        lock (_gate)
        {
            if (_set)
            {
                _set = false;
                return ValueTask.FromResult(true);
            }

            _core.Reset();
            _waiting = true;
            if (timeout != Timeout.InfiniteTimeSpan)
            {
                _timer ??= time.CreateTimer(_ => Wake(signalled: false), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(timeout, Timeout.InfiniteTimeSpan);
            }

            return new ValueTask<bool>(this, _core.Version);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Wake(bool signalled)
    {
        lock (_gate)
        {
            if (!_waiting)
            {
                _set |= signalled;
                return;
            }

            _waiting = false;
        }

        _core.SetResult(signalled);
    }
}
