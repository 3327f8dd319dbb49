using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>Revisions of the test's making, the same for every object.</summary>
internal sealed class FakeRevisionService : IRevisionService
{
    public List<Revision<ConnectorTaskDraft>> OfTask { get; } = [];

    public List<Revision<ConnectionDraft>> OfConnection { get; } = [];

    public Task<IReadOnlyList<Revision<ConnectorTaskDraft>>> OfTaskAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Revision<ConnectorTaskDraft>>>([.. OfTask]);

    public Task<IReadOnlyList<Revision<ConnectionDraft>>> OfConnectionAsync(string id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Revision<ConnectionDraft>>>([.. OfConnection]);
}
