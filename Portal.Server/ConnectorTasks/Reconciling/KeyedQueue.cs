namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>Runs work for one key in the order it was given, and work for different keys side by side.</summary>
internal sealed class KeyedQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task> _last = [];

    /// <summary>Ends when this piece of work has ended, as it ended.</summary>
    public Task RunAsync(string key, Func<Task> work)
    {
        lock (_lock)
        {
            var mine = AfterAsync(_last.GetValueOrDefault(key, Task.CompletedTask), work);
            _last[key] = mine;
            _ = ForgetAsync(key, mine);
            return mine;
        }
    }

    /// <summary>Ends when all work given so far has ended, however.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_last.Values).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> work)
    {
        // Never on the caller's thread, and never inside the lock.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await work();
    }

    private async Task ForgetAsync(string key, Task mine)
    {
        await mine.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            if (_last.GetValueOrDefault(key) == mine)
            {
                _last.Remove(key);
            }
        }
    }
}
