using System.Threading.Channels;
using Portal.Client.Contracts;

namespace Portal.Tests.Fakes;

/// <summary>A feed that sends what the test says, to everybody who watches.</summary>
internal sealed class FakeLiveFeed : ILiveFeed
{
    private readonly List<ChannelWriter<IReadOnlyList<ConnectorTaskLive>>> _tasks = [];
    private readonly List<ChannelWriter<TaskTotals>> _totals = [];
    private long _moves;
    private readonly List<ChannelWriter<TaskClientsLive>> _clients = [];
    private readonly List<ChannelWriter<IReadOnlyList<OperationView>>> _operations = [];
    private readonly List<ChannelWriter<IReadOnlyList<StorageTrouble>>> _storage = [];

    /// <summary>What a watch of tasks begins with; follows what is sent.</summary>
    public IReadOnlyList<ConnectorTaskLive> Tasks { get; set; } = [];

    /// <summary>What a watch of clients begins with.</summary>
    public IReadOnlyList<TaskClientLive> Clients { get; set; } = [];

    /// <summary>What a watch of operations begins with.</summary>
    public IReadOnlyList<OperationView> Operations { get; set; } = [];

    /// <summary>How many watches are open.</summary>
    public int Watchers => _tasks.Count + _totals.Count + _clients.Count + _operations.Count;

    private TaskTotals Totals => new(
        Tasks.GroupBy(task => task.Status).ToDictionary(group => group.Key, group => group.Count()),
        Tasks.Sum(task => task.InPerSecond),
        Tasks.Sum(task => task.OutPerSecond),
        _moves);

    /// <summary>Tasks that changed, and with them the totals.</summary>
    public void Send(params ConnectorTaskLive[] changes)
    {
        _moves += changes.Count(change => change.IsDeleted || Tasks.FirstOrDefault(task => task.Id == change.Id)?.Status != change.Status);
        Tasks = [.. Tasks.Where(task => !changes.Any(change => change.Id == task.Id)), .. changes.Where(change => !change.IsDeleted)];
        _tasks.ForEach(writer => writer.TryWrite(changes));
        Beat();
    }

    /// <summary>The totals alone, as every second.</summary>
    public void Beat() => _totals.ForEach(writer => writer.TryWrite(Totals));

    public void Send(TaskClientsLive clients) => _clients.ForEach(writer => writer.TryWrite(clients));

    public void Send(params OperationView[] operations) => _operations.ForEach(writer => writer.TryWrite(operations));

    public void Send(StorageTrouble trouble) => _storage.ForEach(writer => writer.TryWrite([trouble]));

    public LiveWatch<IReadOnlyList<ConnectorTaskLive>> WatchTasks(IEnumerable<string>? ids = null)
    {
        var wanted = ids?.ToHashSet();
        var watch = Watch(_tasks, Tasks);
        return wanted is null
            ? watch
            : new([.. Tasks.Where(task => wanted.Contains(task.Id))], Only(watch.Changes, wanted), watch.Dispose);
    }

    public LiveWatch<TaskTotals> WatchTotals() => Watch(_totals, Totals);

    public LiveWatch<TaskClientsLive> WatchClients(string taskId) => Watch(_clients, new TaskClientsLive(taskId, Clients));

    public LiveWatch<IReadOnlyList<OperationView>> WatchOperations() => Watch(_operations, Operations);

    public LiveWatch<IReadOnlyList<StorageTrouble>> WatchStorage() => Watch(_storage, (IReadOnlyList<StorageTrouble>)[]);

    private static IAsyncEnumerable<IReadOnlyList<ConnectorTaskLive>> Only(IAsyncEnumerable<IReadOnlyList<ConnectorTaskLive>> changes, HashSet<string> wanted) => changes
        .Select(batch => (IReadOnlyList<ConnectorTaskLive>)[.. batch.Where(task => wanted.Contains(task.Id))])
        .Where(batch => batch.Count > 0);

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
