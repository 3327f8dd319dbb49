using Microsoft.EntityFrameworkCore;
using Portal.Client.Contracts;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data;

namespace Portal.Server.Topics;

/// <summary>Which tasks name which topics of an instance.</summary>
internal static class TopicUses
{
    public static async Task<ILookup<string, TopicUser>> OfAsync(PortalDb db, string kafkaInstanceId, CancellationToken cancellationToken)
    {
        var tasks = await db.ConnectorTasks.AsNoTracking().Where(task => task.KafkaInstanceId == kafkaInstanceId)
            .OrderBy(task => task.Name).Select(task => new { task.Id, task.Name, task.Settings }).ToListAsync(cancellationToken);
        return tasks
            .SelectMany(task => Of(task.Settings).Select(use => (use.Topic, User: new TopicUser(task.Id, task.Name, use.Use))))
            .ToLookup(use => use.Topic, use => use.User);
    }

    private static IEnumerable<(string Topic, TopicUse Use)> Of(ConnectorTaskDraft settings)
    {
        var targets = settings.Distribution switch
        {
            DistributionPolicy.OneTopic => [settings.Topic],
            DistributionPolicy.TopicMap => settings.TopicMap.Select(row => row.Topic).Distinct(),
            _ => [],
        };
        var dead = PipelineSpecCompiler.DeadLetterTopic(settings);
        return targets.Select(topic => (topic, TopicUse.Target)).Concat(dead is null ? [] : [(dead, TopicUse.DeadLetters)]);
    }
}
