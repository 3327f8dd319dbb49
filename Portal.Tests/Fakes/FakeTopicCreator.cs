using System.Collections.Concurrent;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;

namespace Portal.Tests.Fakes;

/// <summary>Creates topics by a method, or refuses with words.</summary>
internal sealed class FakeTopicCreator(Action<string, int> create) : ITopicCreator
{
    /// <summary>What it says instead of creating.</summary>
    public string? Refusal { get; set; }

    public ConcurrentQueue<(string Topic, int Partitions)> Created { get; } = new();

    public bool Owns(KafkaSpec kafka) => true;

    public Task<string?> CreateAsync(KafkaSpec kafka, string topic, TopicCreation creation, CancellationToken cancellationToken)
    {
        if (Refusal is null)
        {
            create(topic, creation.Partitions);
            Created.Enqueue((topic, creation.Partitions));
        }

        return Task.FromResult(Refusal);
    }
}
