namespace Portal.Client.Contracts;

/// <summary>What the SignalR hub at <see cref="Path"/> can be asked. Signed in with the Identity cookie; every role may watch.</summary>
public interface ILiveHub
{
    /// <summary>Where the hub is.</summary>
    const string Path = "/hubs/live";

    /// <summary>Begins to send <see cref="ILiveHubClient.TasksChanged"/> and returns all tasks as they are now.</summary>
    Task<IReadOnlyList<ConnectorTaskLive>> WatchTasks();

    /// <summary>Begins to send <see cref="ILiveHubClient.ClientsChanged"/> of one task and returns its clients as they are now.</summary>
    Task<TaskClientsLive> WatchClients(string taskId);
}

/// <summary>What the hub sends to a client that watches. At most four messages a second of each kind.</summary>
public interface ILiveHubClient
{
    /// <summary>The tasks that changed.</summary>
    Task TasksChanged(IReadOnlyList<ConnectorTaskLive> tasks);

    /// <summary>The clients of a task that is watched.</summary>
    Task ClientsChanged(TaskClientsLive clients);
}
