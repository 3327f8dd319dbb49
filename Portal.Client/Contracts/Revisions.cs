namespace Portal.Client.Contracts;

/// <summary>The settings of an object as one save left them.</summary>
/// <param name="Number">The revision; the highest is the present one.</param>
/// <param name="At">When it was saved.</param>
/// <param name="Actor">Who saved it; null when that was not kept.</param>
/// <param name="Settings">The settings; secrets are never among them.</param>
public sealed record Revision<T>(long Number, DateTimeOffset At, string? Actor, T Settings);

/// <summary>
/// The saved settings of tasks, connections, MQTT clusters and Kafka instances, one after the other. Open to everybody who is signed in. An old revision is restored by
/// saving its settings like any others: with the same checks, the same review and the same audit, and with the secrets as they are now.
/// </summary>
public interface IRevisionService
{
    /// <summary>The revisions of a task that are kept, newest first; empty when there is no such task.</summary>
    Task<IReadOnlyList<Revision<ConnectorTaskDraft>>> OfTaskAsync(string id, CancellationToken cancellationToken);

    /// <summary>The revisions of a connection that are kept, newest first; empty when there is no such connection. The password is always "keep".</summary>
    Task<IReadOnlyList<Revision<ConnectionDraft>>> OfConnectionAsync(string id, CancellationToken cancellationToken);

    /// <summary>The revisions of an MQTT cluster that are kept, newest first; empty when there is no such cluster. The key is always "keep".</summary>
    Task<IReadOnlyList<Revision<MqttClusterDraft>>> OfMqttClusterAsync(string id, CancellationToken cancellationToken);

    /// <summary>The revisions of a Kafka instance that are kept, newest first; empty when there is no such instance. Password and key are always "keep".</summary>
    Task<IReadOnlyList<Revision<KafkaInstanceDraft>>> OfKafkaInstanceAsync(string id, CancellationToken cancellationToken);
}
