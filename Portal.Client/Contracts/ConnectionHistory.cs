namespace Portal.Client.Contracts;

/// <summary>A check: a test of a stored connection that came to its end, and its report.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="At">When it ended.</param>
/// <param name="Actor">Who ordered it.</param>
/// <param name="Report">What was found.</param>
public sealed record ConnectionCheck(long Id, DateTimeOffset At, string Actor, ValidationReport Report)
{
    /// <summary>How long signing in took; null when it was not reached.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Why it did not pass, in words; null when it did.</summary>
    public string? Cause { get; init; }
}

/// <summary>The newest test that an MQTT cluster let in, and through which connection.</summary>
/// <param name="ConnectionId">The connection that was tested.</param>
/// <param name="ConnectionName">Its name.</param>
/// <param name="Check">The test; its report says what the broker offered.</param>
public sealed record ClusterSignIn(string ConnectionId, string ConnectionName, ConnectionCheck Check);

/// <summary>What kind of thing happened to a connection.</summary>
public enum ConnectionEventKind
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>Its settings were changed.</summary>
    Changed,

    /// <summary>The MQTT cluster that it is bound to was changed.</summary>
    Cluster,

    /// <summary>It was tested.</summary>
    Tested,

    /// <summary>Its tasks were restarted for a change.</summary>
    Restart,

    /// <summary>Somebody was refused who wanted to change, test or delete it.</summary>
    Refused,
}

/// <summary>One line of what happened to a connection.</summary>
/// <param name="At">When.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Severity">How serious it is.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Text">What happened; of a change from and to, line by line, secrets only as "changed".</param>
public sealed record ConnectionEvent(DateTimeOffset At, ConnectionEventKind Kind, EventSeverity Severity, string Actor, string Text)
{
    /// <summary>The operation that carries it out, of a restart; otherwise null.</summary>
    public string? OperationId { get; init; }

    /// <summary>The test, of a test; otherwise null.</summary>
    public ConnectionCheck? Check { get; init; }
}

/// <summary>What happened to connections. Open to everybody who is signed in.</summary>
public interface IConnectionHistory
{
    /// <summary>The newest tests of a connection, newest first, or null when there is no such connection; <paramref name="count"/> is cut to 1 to 100.</summary>
    Task<IReadOnlyList<ConnectionCheck>?> ChecksAsync(string id, int count, CancellationToken cancellationToken);

    /// <summary>What happened to a connection, newest first, or null when there is no such connection; <paramref name="count"/> is cut to 1 to 1 000.</summary>
    Task<IReadOnlyList<ConnectionEvent>?> EventsAsync(string id, int count, CancellationToken cancellationToken);

    /// <summary>The newest test that an MQTT cluster let in, of any of its connections; null when there is none.</summary>
    Task<ClusterSignIn?> LastSignInAsync(string mqttClusterId, CancellationToken cancellationToken);
}
