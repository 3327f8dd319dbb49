using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Reading;
using Portal.Engine.Replay;
using Portal.Engine.Specs;
using Portal.Server.Data;
using Portal.Server.Data.Entities;

namespace Portal.Server.DeadLetters;

/// <summary>How far back a look at a dead-letter topic goes.</summary>
internal enum DeadLetterReach
{
    /// <summary>The newest of each partition: what a page shows.</summary>
    Newest,

    /// <summary>Everything that is there: what an order means.</summary>
    All,
}

/// <summary>
/// Reads the dead letters of a task that still wait: those of its topic that are its own, and of which nobody has decided yet. Forgets on
/// the way what was decided about letters that Kafka has deleted.
/// </summary>
internal sealed partial class DeadLetterTopic(IDbContextFactory<PortalDb> databases, ITopicReader reader)
{
    public const int NewestOffsets = 10_000;
    private static readonly TimeSpan MostForAll = TimeSpan.FromMinutes(5);

    /// <summary>Takes the letters that wait and match, partition by partition, oldest first.</summary>
    /// <param name="task">Whose.</param>
    /// <param name="kafka">How to reach its Kafka.</param>
    /// <param name="topic">Its dead-letter topic.</param>
    /// <param name="filter">Which.</param>
    /// <param name="reach">How far back.</param>
    /// <param name="valueBytes">How much of each value is wanted.</param>
    /// <param name="take">Called for each; false ends the reading.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="position">Where a former reading ended and this goes on; it is moved on with each record.</param>
    public async Task<TopicReading> ReadAsync(
        ConnectorTask task,
        KafkaSpec kafka,
        string topic,
        DeadLetterFilter filter,
        DeadLetterReach reach,
        int valueBytes,
        Func<DeadLetter, bool> take,
        CancellationToken cancellationToken,
        ReplayPosition? position = null)
    {
        var done = await DoneAsync(task.KafkaInstanceId, topic, cancellationToken);
        var only = filter.Only?.ToHashSet();
        var scan = new TopicScan
        {
            Topic = topic,
            Choose = span => position?.Left(span, Range(span, reach, only)) ?? Range(span, reach, only),
            MaxValueBytes = valueBytes,
            MaxBytes = reach == DeadLetterReach.All ? long.MaxValue : 256 * 1024 * 1024,
            Limit = reach == DeadLetterReach.All ? MostForAll : TopicScan.DefaultLimit,
        };
        var reading = await reader.ScanAsync(kafka, scan, Take, cancellationToken);
        await ForgetAsync(task.KafkaInstanceId, topic, reading, cancellationToken);
        return reading;

        bool Take(TopicRecord record)
        {
            position?.Passed(record);
            return done.Contains((record.Partition, record.Offset, record.Timestamp))
                || DeadLetter.TryParse(record) is not { } letter
                || letter.TaskId != task.Id
                || !Matches(letter, filter, only)
                || take(letter);
        }
    }

    /// <summary>How many offsets a look at the newest left out.</summary>
    public static long Unread(TopicReading reading) =>
        reading.Partitions.Where(one => one.Span.Low >= 0).Sum(one => Math.Max(0, one.Span.High - NewestOffsets - one.Span.Low));

    /// <summary>Whether a letter was given up in the time that a filter asks for.</summary>
    public static bool IsInTime(DateTimeOffset at, DeadLetterFilter filter) => !(at < filter.From) && !(at > filter.To);

    /// <summary>Remembers a decision. The save is the caller's, so that it can be audited in the same.</summary>
    public static DeadLetterMark Mark(ConnectorTask task, string topic, TopicRecord record, DeadLetterFate fate, string by, DateTimeOffset at) => new()
    {
        KafkaInstanceId = task.KafkaInstanceId,
        Topic = topic,
        Partition = record.Partition,
        Offset = record.Offset,
        Timestamp = record.Timestamp,
        Fate = fate,
        At = at,
        By = by,
    };

    /// <summary>Names a reason: its code and its words without the numbers and names in them, which differ from letter to letter.</summary>
    public static string GroupOf(DeadLetter letter)
    {
        var words = Details().Replace(letter.Reason, "#");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)).AsSpan(0, 4));
        return letter.Code.Length == 0 ? hash : $"{letter.Code}-{hash}";
    }

    private static bool Matches(DeadLetter letter, DeadLetterFilter filter, HashSet<DeadLetterKey>? only) =>
        only is not null
            ? only.Contains(new DeadLetterKey(letter.Record.Partition, letter.Record.Offset))
            : (filter.Group is null || GroupOf(letter) == filter.Group)
                && (filter.MqttTopic is not { Length: > 0 } part || letter.MqttTopic?.Contains(part, StringComparison.OrdinalIgnoreCase) == true)
                && IsInTime(letter.At, filter);

    private static OffsetRange Range(PartitionSpan span, DeadLetterReach reach, HashSet<DeadLetterKey>? only)
    {
        if (only is null)
        {
            return new OffsetRange(reach == DeadLetterReach.All ? span.Low : Math.Max(span.Low, span.High - NewestOffsets), span.High);
        }

        var offsets = only.Where(key => key.Partition == span.Partition).Select(key => key.Offset).ToList();
        return offsets.Count == 0 ? OffsetRange.None : new OffsetRange(offsets.Min(), offsets.Max() + 1);
    }

    private async Task<HashSet<(int, long, long)>> DoneAsync(string instance, string topic, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var marks = await db.DeadLetterMarks.AsNoTracking().Where(mark => mark.KafkaInstanceId == instance && mark.Topic == topic)
            .Select(mark => new { mark.Partition, mark.Offset, mark.Timestamp }).ToListAsync(cancellationToken);
        return [.. marks.Select(mark => (mark.Partition, mark.Offset, mark.Timestamp))];
    }

    private async Task ForgetAsync(string instance, string topic, TopicReading reading, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var (span, _) in reading.Partitions.Where(one => one.Span.Low >= 0))
        {
            // Behind the end: the topic was deleted and created again.
            await db.DeadLetterMarks
                .Where(mark => mark.KafkaInstanceId == instance && mark.Topic == topic && mark.Partition == span.Partition
                    && (mark.Offset < span.Low || mark.Offset >= span.High))
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    [GeneratedRegex(@"'[^']*'|\d+")]
    private static partial Regex Details();
}
