using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Live.Roster;

namespace Portal.Server.History;

/// <summary>
/// What flowed since the last look, from books that only grow. The books of the roster go on over the end of a run, so nothing that a run
/// settles between two looks is missed; bytes and reconnects begin anew with each run. Not for concurrent use.
/// </summary>
internal sealed class FigureSampler
{
    private Dictionary<string, Look> _looks = [];
    private Dictionary<string, Look> _taken = [];

    private sealed record Look(TaskBooks Books, Guid Run, long Bytes, Dictionary<string, int> Reconnects);

    /// <summary>
    /// The tasks that are not idle, with what flowed since the last look that was accepted; of a task never seen before, since its first run
    /// of this process.
    /// </summary>
    public IReadOnlyList<(string TaskId, Figures Figures)> Take(IReadOnlyList<RosterEntry> entries, IReadOnlyList<PipelineSnapshot> photos)
    {
        var byId = photos.ToDictionary(photo => photo.Id);
        var moved = new List<(string, Figures)>();
        _taken = [];
        foreach (var entry in entries)
        {
            var photo = byId.GetValueOrDefault(entry.Id);
            var last = _looks.GetValueOrDefault(entry.Id) ?? new Look(entry.Closed, Guid.Empty, 0, []);
            var figures = Between(last, entry.Books, photo);
            _taken[entry.Id] = photo is null
                ? last with { Books = entry.Books }
                : new Look(entry.Books, photo.RunId, photo.BytesIn, photo.Clients.ToDictionary(client => client.ClientId, client => client.Reconnects));
            if (!figures.IsIdle)
            {
                moved.Add((entry.Id, figures));
            }
        }

        return moved;
    }

    /// <summary>What was taken last is stored: the next look begins there.</summary>
    public void Accept() => _looks = _taken;

    private static Figures Between(Look last, TaskBooks books, PipelineSnapshot? photo)
    {
        var sameRun = photo?.RunId == last.Run;
        var confirmed = books.Delivered + books.DeadLettered - last.Books.Delivered - last.Books.DeadLettered;
        // A percentile of the last minute says nothing about five seconds in which nothing was confirmed.
        var latency = confirmed > 0 && photo is not null ? photo.Latency : default;
        return new Figures(
            Seconds: 0,
            Received: books.Received - last.Books.Received,
            Confirmed: confirmed,
            Bytes: photo is null ? 0 : photo.BytesIn - (sameRun ? last.Bytes : 0),
            Open: books.Open,
            P50: Microseconds(latency.P50),
            P95: Microseconds(latency.P95),
            P99: Microseconds(latency.P99),
            DeadLettered: books.DeadLettered - last.Books.DeadLettered,
            Discarded: books.Discarded - last.Books.Discarded,
            Expired: books.Expired - last.Books.Expired,
            Abandoned: books.Abandoned - last.Books.Abandoned,
            // By client: one that was scaled away takes its count with it.
            Reconnects: photo?.Clients.Sum(client => Math.Max(0, client.Reconnects - (sameRun ? last.Reconnects.GetValueOrDefault(client.ClientId) : 0))) ?? 0);
    }

    private static long? Microseconds(double? milliseconds) => milliseconds is { } value ? (long)(value * 1_000) : null;
}
