using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Portal.Server.Live;

/// <summary>
/// One subscriber's mailbox: the newest value of each key that it has not read yet. It cannot grow beyond the number of keys, whatever
/// the reader does; a newer value replaces an older, and between two batches the reader gets <see cref="Rest"/>.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="only">The keys that the reader wants; null for all.</param>
internal sealed class LiveWatcher<T>(TimeProvider time, IReadOnlySet<string>? only = null) : IDisposable
{
    /// <summary>The beat of the feed: the engine is looked at four times a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A little less than a beat. With a whole one, a reader that is late once, by its timer or because its first batch came between two
    /// beats, stays late: each figure would be shown up to a beat after it was known. So it catches up, a tenth of a beat each time.
    /// </summary>
    public static readonly TimeSpan Rest = Interval * 0.9;

    private readonly Lock _lock = new();
    private readonly Channel<bool> _bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Dictionary<string, T> _unread = [];

    /// <summary>All at once: a reader that waits gets them in one batch, and not the first alone and the rest an interval later.</summary>
    public void Offer(IReadOnlyList<(string Key, T Value)> values)
    {
        lock (_lock)
        {
            foreach (var (key, value) in values)
            {
                if (only?.Contains(key) != false)
                {
                    _unread[key] = value;
                }
            }

            if (_unread.Count > 0)
            {
                _bell.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Ends without an exception when the watcher is disposed.</summary>
    public async IAsyncEnumerable<IReadOnlyList<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        while (await RungAsync(both.Token))
        {
            var taken = time.GetTimestamp();
            yield return Take();

            // After the batch and not before it: the first change after a quiet time is seen at once. Counted from when it was taken:
            // the time that the reader needs for it is no rest.
            if (!await PausedAsync(Rest - time.GetElapsedTime(taken), both.Token))
            {
                break;
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        // Not disposed itself: a reader may be about to link to it, and it holds no timer.
        _stop.Cancel();
        _bell.Writer.TryComplete();
    }

    private async Task<bool> RungAsync(CancellationToken token)
    {
        try
        {
            await _bell.Reader.ReadAsync(token);
            return true;
        }
        catch (Exception end) when (end is OperationCanceledException or ChannelClosedException)
        {
            return false;
        }
    }

    private async Task<bool> PausedAsync(TimeSpan pause, CancellationToken token)
    {
        try
        {
            await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, time, token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private List<T> Take()
    {
        lock (_lock)
        {
            var batch = _unread;
            _unread = [];
            // Under the lock, as it is rung: what it rang for is in this batch, and an empty one must not follow.
            _bell.Reader.TryRead(out _);
            return [.. batch.Values];
        }
    }
}
