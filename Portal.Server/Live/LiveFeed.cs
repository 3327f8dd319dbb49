using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Data;
using Portal.Server.Live.Roster;

namespace Portal.Server.Live;

/// <summary>The latest observations. Filled by <see cref="TaskRoster"/>, by the operations and by <see cref="StorageWatch"/>, watched by pages and the hub.</summary>
internal sealed class LiveFeed : ILiveFeed
{
    private readonly StorageWatch _storage;

    public LiveFeed(IPipelineSupervisor supervisor, StorageWatch storage, TimeProvider time)
    {
        _storage = storage;
        Tally = new TaskTally(time);
        Tasks = new(live => live.Id, time, Tally.Take);
        Operations = new(operation => operation.Id, time);
        Clients = new(id => ClientTranslation.Of(id, supervisor.Find(id)), time);
    }

    public LatestValues<ConnectorTaskLive> Tasks { get; }

    public TaskTally Tally { get; }

    public LatestValues<OperationView> Operations { get; }

    public ClientWatchers Clients { get; }

    public LiveWatch<IReadOnlyList<ConnectorTaskLive>> WatchTasks(IEnumerable<string>? ids = null) => Tasks.Watch(ids?.ToHashSet());

    public LiveWatch<TaskTotals> WatchTotals() => Tally.Watch();

    public LiveWatch<TaskClientsLive> WatchClients(string taskId) => Clients.Watch(taskId);

    public LiveWatch<IReadOnlyList<OperationView>> WatchOperations() => Operations.Watch();

    public LiveWatch<IReadOnlyList<StorageTrouble>> WatchStorage() => _storage.Watch();
}
