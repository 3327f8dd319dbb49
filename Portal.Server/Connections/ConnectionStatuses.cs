using Portal.Client.Contracts;

namespace Portal.Server.Connections;

/// <summary>What is seen of a connection, from its last check, from its tasks and from the operation that carries out its last change.</summary>
internal static class ConnectionStatuses
{
    /// <summary>What is stored as the cause when a person saved settings that no test has passed.</summary>
    public const string Untested = "It was changed without a passing test. Test it to see whether it works.";

    /// <summary>Why a connection whose cluster was changed since its last check is not called available.</summary>
    public const string Outdated = "Its MQTT cluster was changed after its last check, which was of the old address. Test it to see whether it works.";

    /// <summary>Whether a check is from before the cluster was changed.</summary>
    public static bool IsOutdated(DateTimeOffset? checkedAt, DateTimeOffset? addressChangedAt) => checkedAt < addressChangedAt;

    /// <param name="checkCause">Why its last test failed, or null.</param>
    /// <param name="outdated">Whether that test was of what the cluster was before.</param>
    /// <param name="unreached">Why none of its tasks is connected, or null.</param>
    /// <param name="change">How the operation of its last change stands; null when there is none, or when what failed of it has been made good since.</param>
    public static (ConnectionStatus Status, string? Cause) Of(string? checkCause, bool outdated, string? unreached, OperationState? change) => change switch
    {
        OperationState.Waiting or OperationState.Running => (
            ConnectionStatus.Changing, "Its tasks are being restarted with the new settings."),
        OperationState.Paused => (
            ConnectionStatus.Changing,
            "The restart of its tasks with the new settings was stopped half-way. Open the operation to go on or to give it up."),
        OperationState.Failed => (
            ConnectionStatus.ChangeFailed,
            "Not all of its tasks could be restarted with the new settings. Open the operation to see which, and why."),
        _ when ((outdated ? null : checkCause) ?? unreached) is { } cause => (ConnectionStatus.Abnormal, cause),
        _ when outdated => (ConnectionStatus.Outdated, Outdated),
        _ => (ConnectionStatus.Running, null),
    };
}
