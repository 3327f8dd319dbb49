using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Reading;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Topics;

/// <inheritdoc cref="ITopicService"/>
internal sealed class TopicService(
    IDbContextFactory<PortalDb> databases, KafkaInstances instances, ITopicReader reader, TopicCreation creation, ChangeGate gate, AuditTrail audit, TimeProvider time)
    : ITopicService
{
    public async Task<ReadResult<IReadOnlyList<TopicView>>> ListAsync(string kafkaInstanceId, CancellationToken cancellationToken)
    {
        if (await instances.FindAsync(kafkaInstanceId, cancellationToken) is not { } instance)
        {
            return KafkaInstances.Gone<IReadOnlyList<TopicView>>();
        }

        var (spec, unreadable) = instances.Reveal(instance);
        if (spec is null)
        {
            return ReadResult.Not<IReadOnlyList<TopicView>>(CommandOutcome.Refused, unreadable!);
        }

        var (found, cause) = await KafkaTopicList.ReadAsync(spec, cancellationToken);
        if (cause is not null)
        {
            return ReadResult.Not<IReadOnlyList<TopicView>>(CommandOutcome.Refused, cause);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = await TopicUses.OfAsync(db, kafkaInstanceId, cancellationToken);
        return ReadResult.Of<IReadOnlyList<TopicView>>(
            [.. found.Select(topic => new TopicView(topic.Name, topic.Partitions, topic.Replicas, [.. users[topic.Name]]))]);
    }

    public async Task<ReadResult<TopicRecords>> ReadAsync(string kafkaInstanceId, string topic, RecordQuery query, CancellationToken cancellationToken)
    {
        var count = Math.Clamp(query.Count, 1, NewestRecords.Most);
        var what = new ChangeText().Note($"The newest {count} records of {(query.Partition is { } one ? $"partition {one}" : "all partitions")}");
        return await ReadAsync(kafkaInstanceId, topic, what, async spec =>
        {
            var (records, reading) = await reader.ReadNewestAsync(spec, new TopicScan { Topic = topic, Partition = query.Partition }, count, cancellationToken);
            return reading.Cause is { } cause
                ? Not<TopicRecords>(reading, cause)
                : ReadResult.Of<TopicRecords>(new TopicRecords([.. records.Select(RecordViews.Of)], [.. reading.Partitions.Select(RecordViews.Of)], time.GetUtcNow()));
        }, cancellationToken);
    }

    public async Task<ReadResult<TopicRecordView>> FindAsync(string kafkaInstanceId, string topic, int partition, long offset, CancellationToken cancellationToken)
    {
        var what = new ChangeText().Note($"The whole record at offset {offset} of partition {partition}");
        return await ReadAsync(kafkaInstanceId, topic, what, async spec =>
        {
            var (record, reading) = await reader.ReadOneAsync(spec, topic, partition, offset, cancellationToken);
            return record is not null ? ReadResult.Of<TopicRecordView>(RecordViews.Of(record))
                : reading.Cause is { } cause ? Not<TopicRecordView>(reading, cause)
                : reading.Problems.FirstOrDefault() is { } problem ? ReadResult.Not<TopicRecordView>(CommandOutcome.Refused, problem)
                : ReadResult.Not<TopicRecordView>(CommandOutcome.NotFound, $"There is no record at offset {offset} of partition {partition} (any more).");
        }, cancellationToken);
    }

    public Task<CommandResult> CreateAsync(string kafkaInstanceId, TopicDraft draft, CancellationToken cancellationToken) =>
        creation.CreateAsync(kafkaInstanceId, draft, cancellationToken);

    /// <summary>Payloads are not for everybody, and who read which is written down.</summary>
    private async Task<ReadResult<T>> ReadAsync<T>(
        string kafkaInstanceId, string topic, ChangeText what, Func<Engine.Specs.KafkaSpec, Task<ReadResult<T>>> read, CancellationToken cancellationToken)
        where T : class
    {
        var subject = AuditSubject.Topic(kafkaInstanceId, topic);
        var (actor, refusal) = await gate.EnterToReadAsync(subject, cancellationToken);
        if (refusal is not null)
        {
            return ReadResult.Not<T>(refusal.Outcome, refusal.Text!);
        }

        if (await instances.FindAsync(kafkaInstanceId, cancellationToken) is not { } instance)
        {
            return KafkaInstances.Gone<T>();
        }

        var (spec, unreadable) = instances.Reveal(instance);
        if (spec is null)
        {
            return ReadResult.Not<T>(CommandOutcome.Refused, unreadable!);
        }

        var result = await read(spec);
        if (result.Outcome == CommandOutcome.Accepted)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            audit.Add(db, actor, "read", subject, what);
            await db.SaveChangesAsync(cancellationToken);
        }

        return result;
    }

    private static ReadResult<T> Not<T>(TopicReading reading, string cause)
        where T : class => ReadResult.Not<T>(reading.IsMissing ? CommandOutcome.NotFound : CommandOutcome.Refused, cause);
}
