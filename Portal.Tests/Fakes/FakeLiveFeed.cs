using System.Threading.Channels;
using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>A feed that sends what the test says, to everybody who watches.</summary>
internal sealed class FakeLiveFeed : ILiveFeed
{
    private readonly List<ChannelWriter<IReadOnlyList<ConnectorTaskLive>>> _tasks = [];
    private readonly List<ChannelWriter<TaskClientsLive>> _clients = [];
    private readonly List<ChannelWriter<IReadOnlyList<OperationView>>> _operations = [];
    private readonly List<ChannelWriter<IReadOnlyList<StorageTrouble>>> _storage = [];

    /// <summary>What a watch of tasks begins with.</summary>
    public IReadOnlyList<ConnectorTaskLive> Tasks { get; set; } = [];

    /// <summary>What a watch of clients begins with.</summary>
    public IReadOnlyList<TaskClientLive> Clients { get; set; } = [];

    /// <summary>What a watch of operations begins with.</summary>
    public IReadOnlyList<OperationView> Operations { get; set; } = [];

    /// <summary>How many watches are open.</summary>
    public int Watchers => _tasks.Count + _clients.Count + _operations.Count;

    public void Send(params ConnectorTaskLive[] changes) => _tasks.ForEach(writer => writer.TryWrite(changes));

    public void Send(TaskClientsLive clients) => _clients.ForEach(writer => writer.TryWrite(clients));

    public void Send(params OperationView[] operations) => _operations.ForEach(writer => writer.TryWrite(operations));

    public void Send(StorageTrouble trouble) => _storage.ForEach(writer => writer.TryWrite([trouble]));

    public LiveWatch<IReadOnlyList<ConnectorTaskLive>> WatchTasks() => Watch(_tasks, Tasks);

    public LiveWatch<TaskClientsLive> WatchClients(string taskId) => Watch(_clients, new TaskClientsLive(taskId, Clients));

    public LiveWatch<IReadOnlyList<OperationView>> WatchOperations() => Watch(_operations, Operations);

    public LiveWatch<IReadOnlyList<StorageTrouble>> WatchStorage() => Watch(_storage, (IReadOnlyList<StorageTrouble>)[]);

    private static LiveWatch<T> Watch<T>(List<ChannelWriter<T>> watchers, T initial)
    {
        var channel = Channel.CreateUnbounded<T>();
        watchers.Add(channel.Writer);
        return new(initial, channel.Reader.ReadAllAsync(), () =>
        {
            watchers.Remove(channel.Writer);
            channel.Writer.TryComplete();
        });
    }
}
