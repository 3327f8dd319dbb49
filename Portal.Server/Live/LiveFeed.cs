using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.Live;

/// <summary>The latest observations. Filled by <see cref="TaskRoster"/>, by the operations and by <see cref="StorageWatch"/>, watched by pages and the hub.</summary>
internal sealed class LiveFeed(IPipelineSupervisor supervisor, StorageWatch storage, TimeProvider time) : ILiveFeed
{
    public LatestValues<ConnectorTaskLive> Tasks { get; } = new(live => live.Id, time);

    public LatestValues<OperationView> Operations { get; } = new(operation => operation.Id, time);

    public ClientWatchers Clients { get; } = new(id => ClientTranslation.Of(id, supervisor.Find(id)), time);

    public LiveWatch<IReadOnlyList<ConnectorTaskLive>> WatchTasks() => Tasks.Watch();

    public LiveWatch<TaskClientsLive> WatchClients(string taskId) => Clients.Watch(taskId);

    public LiveWatch<IReadOnlyList<OperationView>> WatchOperations() => Operations.Watch();

    public LiveWatch<IReadOnlyList<StorageTrouble>> WatchStorage() => storage.Watch();
}
