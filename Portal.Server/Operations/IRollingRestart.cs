namespace Portal.Server.Operations;

/// <summary>Restarts running connector tasks one after the other, as an operation that people can watch.</summary>
internal interface IRollingRestart
{
    /// <summary>Stores the operation and begins it in the background; tasks that are paused meanwhile are passed over.</summary>
    /// <param name="title">What people read.</param>
    /// <param name="taskIds">In order.</param>
    /// <param name="actor">Who ordered it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="subjectId">The id of what was changed so that they have to restart, or null.</param>
    /// <returns>The id of the operation, or null when there was nothing to restart.</returns>
    Task<string?> StartAsync(string title, IReadOnlyList<string> taskIds, string actor, CancellationToken cancellationToken, string? subjectId = null);
}
