namespace Portal.Sandbox.Kafka;

/// <summary>The mock cluster refused what was asked of it.</summary>
public sealed class EmbeddedKafkaException(string message) : Exception(message);
