using Portal.Client.Contracts;
using Portal.Server.DeadLetters;

namespace Portal.Server.Topics;

internal static class TopicServices
{
    /// <summary>Topics of Kafka instances and what is in them, dead letters among it.</summary>
    public static WebApplicationBuilder AddTopics(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<KafkaInstances>();
        // Scoped, because the gate asks who acts in this scope.
        builder.Services.AddScoped<TopicCreation>();
        builder.Services.AddScoped<ITopicService, TopicService>();
        builder.Services.AddDeadLetters();
        return builder;
    }
}
