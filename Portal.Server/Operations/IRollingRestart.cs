namespace Portal.Server.Operations;

/// <summary>Restarts running connector tasks one after the other, as an operation that people can watch.</summary>
internal interface IRollingRestart
{
    /// <summary>Stores the operation and begins it in the background; tasks that are paused meanwhile are passed over.</summary>
    /// <returns>The id of the operation, or null when there was nothing to restart.</returns>
    Task<string?> StartAsync(string title, IReadOnlyList<string> taskIds, string actor, CancellationToken cancellationToken);
}
