using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Portal.Server.Live;

/// <summary>
/// One subscriber's mailbox: the newest value of each key that it has not read yet. It cannot grow beyond the number of keys, whatever
/// the reader does; a newer value replaces an older, and the reader gets at most one batch an interval.
/// </summary>
internal sealed class LiveWatcher<T>(TimeProvider time) : IDisposable
{
    /// <summary>Four batches a second reach a reader.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

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
                _unread[key] = value;
            }
        }

        _bell.Writer.TryWrite(true);
    }

    /// <summary>Ends without an exception when the watcher is disposed.</summary>
    public async IAsyncEnumerable<IReadOnlyList<T>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        while (await RungAsync(both.Token))
        {
            var taken = time.GetTimestamp();
            yield return Take();

            // After the batch and not before it: the first change after a quiet time is seen at once. Counted from when it was taken: a
            // source with the same beat is then followed at each beat, instead of later and later until one is left out.
            if (!await PausedAsync(Interval - time.GetElapsedTime(taken), both.Token))
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
            return [.. batch.Values];
        }
    }
}
