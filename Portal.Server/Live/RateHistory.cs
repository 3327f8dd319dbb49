using System.Collections.Concurrent;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;

namespace Portal.Server.Live;

/// <summary>The rates of the last 15 minutes in steps of 5 s, counted from the books and not from a smoothed rate: their sum is what flowed.</summary>
internal sealed class RateHistory
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private const int Length = 180;

    private readonly ConcurrentDictionary<string, Ring> _rings = new();

    /// <summary>Called once a step with all photos; a task that has none gets a zero, so that a pause is seen as one.</summary>
    public void Sample(IReadOnlyList<PipelineSnapshot> photos, DateTimeOffset now)
    {
        var byId = photos.ToDictionary(photo => photo.Id);
        foreach (var photo in photos)
        {
            _rings.GetOrAdd(photo.Id, _ => new Ring());
        }

        foreach (var (id, ring) in _rings)
        {
            ring.Add(byId.GetValueOrDefault(id), now);
        }
    }

    public void Remove(string id) => _rings.TryRemove(id, out _);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RatePoint> Of(string id) => _rings.TryGetValue(id, out var ring) ? ring.Points() : [];

    private sealed class Ring
    {
        private readonly Lock _lock = new();
        private readonly Queue<RatePoint> _points = new(Length);
        private (Guid Run, long In, long Out, DateTimeOffset At)? _last;

        public void Add(PipelineSnapshot? photo, DateTimeOffset now)
        {
            lock (_lock)
            {
                var (run, received, confirmed) = photo is null
                    ? (Guid.Empty, 0, 0)
                    : (photo.RunId, photo.Books.Received, photo.Books.Delivered + photo.Books.DeadLettered);
                // Counts before a run's first photo are its own: a new run begins at zero. The first sample of all has nothing to be compared with.
                var (before, since) = _last is { } last ? (last.Run == run ? (last.In, last.Out) : (0, 0), last.At) : ((received, confirmed), now - Step);
                var seconds = Math.Max((now - since).TotalSeconds, 0.001);
                _last = (run, received, confirmed, now);
                if (_points.Count == Length)
                {
                    _points.Dequeue();
                }

                _points.Enqueue(new RatePoint(now, Rate(received - before.Item1, seconds), Rate(confirmed - before.Item2, seconds)));
            }
        }

        public IReadOnlyList<RatePoint> Points()
        {
            lock (_lock)
            {
                return [.. _points];
            }
        }

        private static double Rate(long count, double seconds) => Math.Round(count / seconds, 2);
    }
}
