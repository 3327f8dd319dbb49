using Confluent.Kafka;

namespace Portal.Engine.Sinks.Topics;

/// <summary>What Kafka said about a topic.</summary>
/// <param name="Error">Of the request, or of the topic.</param>
/// <param name="Partitions">How many there are.</param>
/// <param name="Leaderless">How many of them have no leader, so that nothing can be written there.</param>
internal readonly record struct TopicAnswer(ErrorCode Error, int Partitions, int Leaderless);
