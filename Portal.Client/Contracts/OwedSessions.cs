namespace Portal.Client.Contracts;

/// <summary>
/// Sessions that a change of a task left at a broker, since it could not be reached or did not let go: until they are ended, or expire there,
/// it goes on queueing messages for them that nobody comes for.
/// </summary>
/// <param name="Id">Names them among those of the task.</param>
/// <param name="Broker">Where, for example <c>tcp://old.example:1883</c>.</param>
/// <param name="ConnectionName">The connection they are reached by, or null when it was deleted: then they can only be forgotten.</param>
/// <param name="ClientIds">Whose.</param>
/// <param name="Topics">What they are subscribed to.</param>
/// <param name="Since">Since when.</param>
/// <param name="Cause">Why they could not be ended at the last attempt, in words.</param>
/// <param name="TriedAt">When that was.</param>
/// <param name="NextAttemptAt">When it is tried again by itself; null when nothing more can be tried.</param>
public sealed record OwedSessionView(
    long Id,
    string Broker,
    string? ConnectionName,
    IReadOnlyList<string> ClientIds,
    IReadOnlyList<string> Topics,
    DateTimeOffset Since,
    string Cause,
    DateTimeOffset TriedAt,
    DateTimeOffset? NextAttemptAt);

/// <summary>What tasks owe to brokers. Authorisation is inside: changes need the role Administrator, and are audited.</summary>
public interface IOwedSessions
{
    /// <summary>What a task owes, oldest first; empty for an unknown task.</summary>
    Task<IReadOnlyList<OwedSessionView>> ListAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Tries at once to end all that a task owes; what becomes of it is seen in the list.</summary>
    Task<CommandResult> RetryAsync(string taskId, CancellationToken cancellationToken);

    /// <summary>Gives up ending these sessions: what the broker holds in them is lost when they expire there.</summary>
    Task<CommandResult> ForgetAsync(string taskId, long id, CancellationToken cancellationToken);
}
