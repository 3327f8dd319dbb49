using Portal.Client.Contracts;
using Portal.Engine.Pipelines;

namespace Portal.Server.Live.Roster;

/// <summary>
/// One entry for each stored task, and the only way into the feed's tasks. Entry and photo meet under one lock, so that an older
/// observation never replaces a newer one.
/// </summary>
internal sealed class TaskRoster(LiveFeed feed, IPipelineSupervisor supervisor, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = [];

    private sealed record Line(RosterEntry Entry, PipelineSnapshot? Photo, ConnectorTaskLive Live);

    public RosterEntry? Find(string id)
    {
        lock (_lock)
        {
            return _lines.GetValueOrDefault(id)?.Entry;
        }
    }

    public IReadOnlyList<RosterEntry> All()
    {
        lock (_lock)
        {
            return [.. _lines.Values.Select(line => line.Entry)];
        }
    }

    /// <summary>Adds a task that was stored.</summary>
    public void Add(RosterEntry entry)
    {
        lock (_lock)
        {
            Publish_NeedsLock(entry, supervisor.Find(entry.Id));
        }
    }

    /// <summary>Changes an entry; does nothing when the task is gone.</summary>
    public void Change(string id, Func<RosterEntry, RosterEntry> change)
    {
        lock (_lock)
        {
            if (_lines.TryGetValue(id, out var line) && change(line.Entry) is var changed && changed != line.Entry)
            {
                Publish_NeedsLock(changed, supervisor.Find(id));
            }
        }
    }

    /// <summary>Forgets a task that is gone, and tells those who watch.</summary>
    public void Remove(string id)
    {
        lock (_lock)
        {
            if (_lines.Remove(id, out var line))
            {
                feed.Tasks.Remove(id, line.Live with { Status = ConnectorTaskStatus.Deleting, IsDeleted = true, ObservedAt = time.GetUtcNow() });
            }
        }
    }

    /// <summary>Takes in the photos of all pipelines. A task of which nothing changed costs two comparisons.</summary>
    public void Observe(IReadOnlyList<PipelineSnapshot> photos)
    {
        var byId = photos.ToDictionary(photo => photo.Id);
        var news = new List<ConnectorTaskLive>();
        lock (_lock)
        {
            foreach (var line in _lines.Values.ToList())
            {
                var photo = byId.GetValueOrDefault(line.Entry.Id);
                if (!SameFigures(line.Photo, photo) && Look_NeedsLock(line.Entry, photo) is { } live)
                {
                    news.Add(live);
                }
            }

            feed.Tasks.Publish(news);
        }
    }

    private void Publish_NeedsLock(RosterEntry entry, PipelineSnapshot? photo)
    {
        if (Look_NeedsLock(entry, photo) is { } live)
        {
            feed.Tasks.Publish(live);
        }
    }

    // Returns what has to be published, or null when it looks as before.
    private ConnectorTaskLive? Look_NeedsLock(RosterEntry entry, PipelineSnapshot? photo)
    {
        entry = photo is null ? entry : entry.Seen(photo);
        var live = TaskTranslation.Of(entry, photo, time.GetUtcNow());
        var isNews = !_lines.TryGetValue(entry.Id, out var line) || !line.Live.SameAs(live);
        _lines[entry.Id] = new Line(entry, photo, isNews ? live : line!.Live);
        return isNews ? live : null;
    }

    private static bool SameFigures(PipelineSnapshot? one, PipelineSnapshot? other) =>
        ReferenceEquals(one, other)
        || (one is not null
            && other is not null
            && one.RunId == other.RunId
            && one.Status == other.Status
            && one.Since == other.Since
            && one.Cause == other.Cause
            && one.Attempt == other.Attempt
            && one.AttemptsAllowed == other.AttemptsAllowed
            && one.IsThrottled == other.IsThrottled
            && one.NextAttemptAt == other.NextAttemptAt
            && one.Books == other.Books
            && one.InPerSecond == other.InPerSecond
            && one.OutPerSecond == other.OutPerSecond
            && one.Latency == other.Latency
            && one.PublishLatency == other.PublishLatency
            && one.OldestOpen == other.OldestOpen
            && one.Warnings.SequenceEqual(other.Warnings)
            && one.Clients.Count == other.Clients.Count
            && one.Clients.Zip(other.Clients).All(pair => pair.First.Status == pair.Second.Status));
}
