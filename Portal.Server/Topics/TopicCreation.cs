using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Engine.Sinks.Topics;
using Portal.Server.Audit;
using Portal.Server.Data;
using Portal.Server.Security;

namespace Portal.Server.Topics;

/// <summary>Creates topics, by Kafka's admin protocol or in the way of their cluster.</summary>
internal sealed class TopicCreation(
    IDbContextFactory<PortalDb> databases, KafkaInstances instances, IEnumerable<ITopicCreator> creators, ChangeGate gate, AuditTrail audit)
{
    private readonly ITopicCreator[] _creators = [.. creators, new AdminTopicCreator()];

    public async Task<CommandResult> CreateAsync(string kafkaInstanceId, TopicDraft draft, CancellationToken cancellationToken)
    {
        var subject = AuditSubject.Topic(kafkaInstanceId, draft.Name);
        var (actor, refusal) = await gate.EnterAsync("create", subject, cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        if (await instances.FindAsync(kafkaInstanceId, cancellationToken) is not { } instance)
        {
            return CommandResult.Not(CommandOutcome.NotFound, "This Kafka instance has been removed.");
        }

        if (TopicDraftRules.Check(draft, instance.IsEmbedded) is { Count: > 0 } errors)
        {
            return CommandResult.Invalid(errors);
        }

        var (spec, unreadable) = instances.Reveal(instance);
        if (spec is null)
        {
            return CommandResult.Not(CommandOutcome.Refused, unreadable!);
        }

        // A task that needs a topic is content with the one that is there; a person who names one that is there is mistaken.
        var (topics, cause) = await KafkaTopicList.ReadAsync(spec, cancellationToken);
        if (cause is not null || topics.Any(topic => topic.Name == draft.Name))
        {
            return cause is not null
                ? CommandResult.Not(CommandOutcome.Refused, cause)
                : CommandResult.Invalid([new FieldError(nameof(draft.Name), $"The topic {draft.Name} exists already in {instance.Name}. Choose another name.")]);
        }

        var wanted = new Engine.Specs.TopicCreation
        {
            Partitions = draft.Partitions,
            Replicas = draft.Replicas,
            Retention = draft.RetentionHours is { } hours ? TimeSpan.FromHours(hours) : null,
            Cleanup = draft.Cleanup,
        };
        var refused = await _creators.First(creator => creator.Owns(spec)).CreateAsync(spec, draft.Name, wanted, cancellationToken);

        // Written even when the person has gone: the topic is there.
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        audit.Add(db, actor, "create", subject, Words(draft), refused is null ? AuditTrail.Done : AuditTrail.Failed);
        await db.SaveChangesAsync(CancellationToken.None);
        return refused is null ? CommandResult.Accepted(draft.Name) : CommandResult.Not(CommandOutcome.Refused, refused);
    }

    private static ChangeText Words(TopicDraft draft) => new ChangeText()
        .Field("Partitions", null, draft.Partitions)
        .Field("Replicas", null, draft.Replicas < 0 ? "the cluster's default" : draft.Replicas)
        .Field("Retention", null, draft.RetentionHours is { } hours ? $"{hours} h" : "the cluster's default")
        .Field("Cleanup", null, draft.Cleanup ?? "the cluster's default");
}
