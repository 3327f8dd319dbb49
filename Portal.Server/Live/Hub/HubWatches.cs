using Portal.Client.Contracts;

namespace Portal.Server.Live.Hub;

/// <summary>What one connection of the hub watches. A slow reader makes the sends wait, and the feed coalesces behind them.</summary>
internal sealed class HubWatches(ILiveHubClient client, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IDisposable> _watches = [];
    private bool _closed;

    public bool HasRoomFor(string name, string beside)
    {
        lock (_lock)
        {
            return _watches.ContainsKey(name) || _watches.Keys.Count(key => key != beside) < ILiveHub.MostWatchedTasks;
        }
    }

    /// <summary>Sends what changes until the watch is ended; a watch of the same name is replaced.</summary>
    public void Begin<T>(string name, IDisposable watch, IAsyncEnumerable<T> changes, Func<ILiveHubClient, T, Task> send)
    {
        End(name);
        lock (_lock)
        {
            if (_closed)
            {
                watch.Dispose();
                return;
            }

            _watches[name] = watch;
        }

        _ = SendAsync(changes, send);
    }

    public void End(string name)
    {
        lock (_lock)
        {
            if (_watches.Remove(name, out var watch))
            {
                watch.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var watch in _watches.Values)
            {
                watch.Dispose();
            }

            _watches.Clear();
        }
    }

    private async Task SendAsync<T>(IAsyncEnumerable<T> changes, Func<ILiveHubClient, T, Task> send)
    {
        // The answer of the method that began this goes out meanwhile.
        await Task.Delay(LiveWatcher<T>.Interval, time);
        await foreach (var changed in changes)
        {
            // A connection that is gone swallows what is sent to it; its end is told by OnDisconnectedAsync.
            await send(client, changed);
        }
    }
}
