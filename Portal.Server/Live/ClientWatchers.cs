using Portal.Client.Contracts;

namespace Portal.Server.Live;

/// <summary>Who looks at the clients of which task. Nobody's clients are computed for nobody: a thousand tasks have thousands of clients.</summary>
internal sealed class ClientWatchers(Func<string, TaskClientsLive> photo, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<LiveWatcher<TaskClientsLive>>> _watchers = [];

    /// <summary>The tasks that somebody looks at.</summary>
    public IReadOnlyList<string> Watched()
    {
        lock (_lock)
        {
            return [.. _watchers.Keys];
        }
    }

    public void Publish(TaskClientsLive clients)
    {
        lock (_lock)
        {
            foreach (var watcher in _watchers.GetValueOrDefault(clients.TaskId, []))
            {
                watcher.Offer([(clients.TaskId, clients)]);
            }
        }
    }

    public LiveWatch<TaskClientsLive> Watch(string taskId)
    {
        var watcher = new LiveWatcher<TaskClientsLive>(time);
        lock (_lock)
        {
            if (!_watchers.TryGetValue(taskId, out var ofTask))
            {
                _watchers[taskId] = ofTask = [];
            }

            // Registered first: whatever is published from here on is newer than the photo.
            ofTask.Add(watcher);
            return new LiveWatch<TaskClientsLive>(photo(taskId), watcher.ReadAsync().Select(batch => batch[^1]), () => Stop(taskId, watcher));
        }
    }

    private void Stop(string taskId, LiveWatcher<TaskClientsLive> watcher)
    {
        lock (_lock)
        {
            if (_watchers.TryGetValue(taskId, out var ofTask) && ofTask.Remove(watcher) && ofTask.Count == 0)
            {
                _watchers.Remove(taskId);
            }
        }

        watcher.Dispose();
    }
}
