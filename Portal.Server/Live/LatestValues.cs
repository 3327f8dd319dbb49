using Portal.Client.Contracts;

namespace Portal.Server.Live;

/// <summary>The newest value of each key and who watches them. A watch begins under the same lock under which values change.</summary>
/// <param name="key">The key of a value.</param>
/// <param name="time">The clock of those who watch.</param>
/// <param name="changed">Gets each change under the lock: what was there and what is there now, null for nothing.</param>
internal sealed class LatestValues<T>(Func<T, string> key, TimeProvider time, Action<T?, T?>? changed = null)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, T> _values = [];
    private readonly List<LiveWatcher<T>> _watchers = [];

    public T? Find(string id)
    {
        lock (_lock)
        {
            return _values.GetValueOrDefault(id);
        }
    }

    public IReadOnlyList<T> All()
    {
        lock (_lock)
        {
            return [.. _values.Values];
        }
    }

    public void Publish(T value) => Publish([value]);

    /// <summary>What was observed at one look: those who watch get it together.</summary>
    public void Publish(IReadOnlyList<T> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var value in values)
            {
                changed?.Invoke(_values.GetValueOrDefault(key(value)), value);
                _values[key(value)] = value;
            }

            Offer_NeedsLock(values);
        }
    }

    /// <summary>Forgets a value. With <paramref name="last"/> those who watch are told so.</summary>
    public void Remove(string id, T? last = null)
    {
        lock (_lock)
        {
            if (!_values.Remove(id, out var before))
            {
                return;
            }

            changed?.Invoke(before, null);
            if (last is not null)
            {
                Offer_NeedsLock([last]);
            }
        }
    }

    /// <summary>Watches the values of these keys, or all.</summary>
    public LiveWatch<IReadOnlyList<T>> Watch(IReadOnlySet<string>? keys = null)
    {
        var watcher = new LiveWatcher<T>(time, keys);
        lock (_lock)
        {
            _watchers.Add(watcher);
            IEnumerable<T> initial = keys is null ? _values.Values : keys.Select(one => _values.GetValueOrDefault(one)).OfType<T>();
            return new LiveWatch<IReadOnlyList<T>>([.. initial], watcher.ReadAsync(), () => Stop(watcher));
        }
    }

    private void Offer_NeedsLock(IReadOnlyList<T> values)
    {
        var keyed = values.Select(value => (key(value), value)).ToList();
        foreach (var watcher in _watchers)
        {
            watcher.Offer(keyed);
        }
    }

    private void Stop(LiveWatcher<T> watcher)
    {
        lock (_lock)
        {
            _watchers.Remove(watcher);
        }

        watcher.Dispose();
    }
}
