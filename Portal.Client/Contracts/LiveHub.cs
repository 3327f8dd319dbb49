namespace Portal.Client.Contracts;

/// <summary>What the SignalR hub at <see cref="Path"/> can be asked. Signed in with the Identity cookie; every role may watch.</summary>
public interface ILiveHub
{
    /// <summary>Where the hub is.</summary>
    const string Path = "/hubs/live";

    /// <summary>The most tasks whose clients one connection may watch at a time.</summary>
    const int MostWatchedTasks = 50;

    /// <summary>
    /// Begins to send <see cref="ILiveHubClient.TasksChanged"/> and returns all tasks as they are now. A change that arrives before the answer
    /// is newer than the answer. Called again, it begins anew.
    /// </summary>
    Task<IReadOnlyList<ConnectorTaskLive>> WatchTasks();

    /// <summary>
    /// Begins to send <see cref="ILiveHubClient.ClientsChanged"/> of one task and returns its clients as they are now: none for a task that is
    /// paused or unknown. Refused beyond <see cref="MostWatchedTasks"/> tasks.
    /// </summary>
    Task<TaskClientsLive> WatchClients(string taskId);

    /// <summary>Ends what <see cref="WatchTasks"/> began.</summary>
    Task UnwatchTasks();

    /// <summary>Ends what <see cref="WatchClients"/> began for this task.</summary>
    Task UnwatchClients(string taskId);
}

/// <summary>What the hub sends to a client that watches. At most four messages a second of each kind.</summary>
public interface ILiveHubClient
{
    /// <summary>The tasks that changed.</summary>
    Task TasksChanged(IReadOnlyList<ConnectorTaskLive> tasks);

    /// <summary>The clients of a task that is watched.</summary>
    Task ClientsChanged(TaskClientsLive clients);
}
