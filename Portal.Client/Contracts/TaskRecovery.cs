namespace Portal.Client.Contracts;

/// <summary>
/// What a person may do while a task recovers by itself. Authorisation is inside: both need the role Administrator, and both are audited.
/// </summary>
public interface ITaskRecovery
{
    /// <summary>
    /// Makes the next attempt at once: the automatic restart that is planned, or the next connect of each client that waits. Refused when nothing
    /// is planned.
    /// </summary>
    Task<CommandResult> TryNowAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Plans no further automatic restart of a task that failed: it is then Failed and needs a person, until it is restarted. Refused when none is
    /// planned.
    /// </summary>
    Task<CommandResult> StopTryingAsync(string id, CancellationToken cancellationToken);
}
