using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Live.Roster;

namespace Portal.Server.Live;

/// <summary>The latest observations. Filled by <see cref="TaskRoster"/> and by the operations, watched by pages and the hub.</summary>
internal sealed class LiveFeed(IPipelineSupervisor supervisor, TimeProvider time) : ILiveFeed
{
    public LatestValues<ConnectorTaskLive> Tasks { get; } = new(live => live.Id, time);

    public LatestValues<OperationView> Operations { get; } = new(operation => operation.Id, time);

    public ClientWatchers Clients { get; } = new(id => ClientTranslation.Of(id, supervisor.Find(id)), time);

    public LiveWatch<IReadOnlyList<ConnectorTaskLive>> WatchTasks() => Tasks.Watch();

    public LiveWatch<TaskClientsLive> WatchClients(string taskId) => Clients.Watch(taskId);

    public LiveWatch<IReadOnlyList<OperationView>> WatchOperations() => Operations.Watch();
}
