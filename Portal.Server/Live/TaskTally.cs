using Portal.Client.Contracts;

namespace Portal.Server.Live;

/// <summary>
/// Adds all tasks up as they change: once for everybody, where each page would otherwise have to follow ten thousand tasks for four figures.
/// </summary>
internal sealed class TaskTally(TimeProvider time)
{
    /// <summary>So often it is told even when nothing changed.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<ConnectorTaskStatus, int> _byStatus = [];
    private readonly LatestValues<TaskTotals> _told = new(_ => "", time);

    // Rates have one decimal; sums of tenths do not drift as those of fractions would over the years.
    private long _inTenths;
    private long _outTenths;
    private long _moves;
    private TaskTotals? _last;
    private DateTimeOffset _lastAt;

    /// <summary>One task came, changed or went.</summary>
    public void Take(ConnectorTaskLive? before, ConnectorTaskLive? after)
    {
        lock (_lock)
        {
            Add_NeedsLock(before, -1);
            Add_NeedsLock(after, 1);
            _moves += before?.Status == after?.Status ? 0 : 1;
        }
    }

    /// <summary>How many tasks have this status now.</summary>
    public int Count(ConnectorTaskStatus status)
    {
        lock (_lock)
        {
            return _byStatus.GetValueOrDefault(status);
        }
    }

    /// <summary>Tells those who watch; to be called at each look of the feed.</summary>
    public void Tell()
    {
        var now = time.GetUtcNow();
        var totals = Now();
        if (now - _lastAt >= Beat || _last is null || !Same(_last, totals))
        {
            (_last, _lastAt) = (totals, now);
            _told.Publish(totals);
        }
    }

    public LiveWatch<TaskTotals> Watch()
    {
        var watch = _told.Watch();
        return new LiveWatch<TaskTotals>(Now(), watch.Changes.Select(totals => totals[^1]), watch.Dispose);
    }

    private static bool Same(TaskTotals one, TaskTotals other) =>
        (one.Moves, one.InPerSecond, one.OutPerSecond) == (other.Moves, other.InPerSecond, other.OutPerSecond);

    private TaskTotals Now()
    {
        lock (_lock)
        {
            return new TaskTotals(new Dictionary<ConnectorTaskStatus, int>(_byStatus), _inTenths / 10.0, _outTenths / 10.0, _moves);
        }
    }

    private void Add_NeedsLock(ConnectorTaskLive? task, int sign)
    {
        if (task is null)
        {
            return;
        }

        _inTenths += sign * (long)Math.Round(task.InPerSecond * 10);
        _outTenths += sign * (long)Math.Round(task.OutPerSecond * 10);
        if ((_byStatus[task.Status] = _byStatus.GetValueOrDefault(task.Status) + sign) == 0)
        {
            _byStatus.Remove(task.Status);
        }
    }
}
