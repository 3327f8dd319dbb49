using Portal.Client.Contracts;

namespace Portal.Server.Topics;

internal static class TopicServices
{
    /// <summary>Topics of Kafka instances and what is in them.</summary>
    public static WebApplicationBuilder AddTopics(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<KafkaInstances>();
        // Scoped, because the gate asks who acts in this scope.
        builder.Services.AddScoped<TopicCreation>();
        builder.Services.AddScoped<ITopicService, TopicService>();
        return builder;
    }
}
