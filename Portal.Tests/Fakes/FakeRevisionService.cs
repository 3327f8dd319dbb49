using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Revisions of the test's making, the same for every object.</summary>
internal sealed class FakeRevisionService : IRevisionService
{
    public List<Revision<ConnectorTaskDraft>> OfTask { get; } = [];

    public List<Revision<ConnectionDraft>> OfConnection { get; } = [];

    public List<Revision<MqttClusterDraft>> OfMqttCluster { get; } = [];

    public List<Revision<KafkaInstanceDraft>> OfKafkaInstance { get; } = [];

    public Task<IReadOnlyList<Revision<ConnectorTaskDraft>>> OfTaskAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Revision<ConnectorTaskDraft>>>([.. OfTask]);

    public Task<IReadOnlyList<Revision<ConnectionDraft>>> OfConnectionAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Revision<ConnectionDraft>>>([.. OfConnection]);

    public Task<IReadOnlyList<Revision<MqttClusterDraft>>> OfMqttClusterAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Revision<MqttClusterDraft>>>([.. OfMqttCluster]);

    public Task<IReadOnlyList<Revision<KafkaInstanceDraft>>> OfKafkaInstanceAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Revision<KafkaInstanceDraft>>>([.. OfKafkaInstance]);
}
