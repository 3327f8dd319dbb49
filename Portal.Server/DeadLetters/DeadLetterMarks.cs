using Microsoft.EntityFrameworkCore;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.DeadLetters;

/// <summary>Stores decisions about dead letters.</summary>
internal static class DeadLetterMarks
{
    /// <summary>
    /// Saves what was decided, with everything else that waits in the context. A letter that is marked already stays as it is: two people
    /// may decide about the same one, and the marks of all others must not be lost by that.
    /// </summary>
    public static async Task SaveMarksAsync(this PortalDb db, IReadOnlyCollection<DeadLetterMark> marks, CancellationToken cancellationToken)
    {
        // It takes SQLite's only place for a writer at once: nobody adds a mark between the look and the save.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var part in marks.GroupBy(mark => (mark.KafkaInstanceId, mark.Topic, mark.Partition)))
        {
            var (instance, topic, partition) = part.Key;
            var (first, last) = (part.Min(mark => mark.Offset), part.Max(mark => mark.Offset));
            var known = await db.DeadLetterMarks.AsNoTracking()
                .Where(mark => mark.KafkaInstanceId == instance && mark.Topic == topic && mark.Partition == partition && mark.Offset >= first && mark.Offset <= last)
                .Select(mark => new { mark.Offset, mark.Timestamp })
                .ToListAsync(cancellationToken);
            var seen = known.Select(mark => (mark.Offset, mark.Timestamp)).ToHashSet();
            db.AddRange(part.Where(mark => seen.Add((mark.Offset, mark.Timestamp))));
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
