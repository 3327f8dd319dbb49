using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Specs;
using Portal.Server.ConnectorTasks.Specs;
using Portal.Server.Data.Entities;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>
/// The sessions that a task's starts may have left at a broker: written down before the first CONNECT of each start, and ended, or listed as
/// owed, before they stand in the way of the next one. Called by the reconciler only, one call at a time for each task.
/// </summary>
internal sealed partial class StartedSessions(IPipelineSupervisor supervisor, TaskSpecs specs, OwedDrains owed, ILogger<StartedSessions> logger)
{
    /// <summary>
    /// One row remembers one broker. When the task goes to another one, also by an edit of its cluster's endpoints, what the former one holds is
    /// ended before, or written down as owed.
    /// </summary>
    /// <returns>Whether it left a broker; then nothing of it runs any more.</returns>
    public async Task<bool> LeaveFormerBrokerAsync(ConnectorTask row, IReadOnlyList<ClusterEndpoint> endpoints, CancellationToken cancellationToken)
    {
        if (row.StartedSettings is not { } started)
        {
            return false;
        }

        var former = row.StartedEndpoints ?? await specs.EndpointsOfAsync(started.ConnectionId, cancellationToken);
        if (former is not null && OwedSessions.SharesBroker(former, endpoints))
        {
            return false;
        }

        if (former is not null && await EndAsync(row, started, spec => spec, cancellationToken) is { } cause)
        {
            await owed.AddAsync(row.Id, started, former, 0, cause, cancellationToken);
        }

        // Also what ran with a clean session, or with a connection that is gone, must not run beside the new one.
        await supervisor.RetireAsync(row.Id, RetireMode.KeepSessions, cancellationToken);
        await specs.StoreStartedAsync(row.Id, null, null, cancellationToken);
        return true;
    }

    /// <summary>Ends what the start would stumble over; null when it may go on, otherwise why not.</summary>
    public async Task<string?> MakeWayAsync(
        ConnectorTask row, ConnectorTaskDraft? started, IReadOnlyList<ClusterEndpoint> endpoints, bool runs, CancellationToken cancellationToken)
    {
        if (!runs && started is not null && await EndLeftAsync(row, cancellationToken) is { } cause)
        {
            if (OwedSessions.LosesTopics(started, row.Settings))
            {
                return cause;
            }

            await owed.AddAsync(row.Id, started, endpoints, row.Settings.Clients, cause, cancellationToken);
        }

        return await owed.TakeOverAsync(row, endpoints, cancellationToken);
    }

    /// <summary>
    /// Before the first CONNECT: what the broker may hold for us must be known after a crash in the next instant. While the old pipeline drains,
    /// also what it held: that is forgotten only when it has been ended.
    /// </summary>
    public async Task RememberAsync(
        ConnectorTask row, ConnectorTaskDraft? started, IReadOnlyList<ClusterEndpoint> endpoints, CancellationToken cancellationToken)
    {
        if (!OwedSessions.SameSessions(row.StartedSettings, row.Settings) || row.StartedEndpoints is null || !row.StartedEndpoints.SequenceEqual(endpoints))
        {
            await specs.StoreStartedAsync(row.Id, started is null ? row.Settings : OwedSessions.Both(started, row.Settings), endpoints, cancellationToken);
        }
    }

    /// <summary>Forgets what the replaced pipeline held, once it is ended or written down as owed.</summary>
    public async Task SettleAsync(
        ConnectorTask row, ConnectorTaskDraft started, IReadOnlyList<ClusterEndpoint> endpoints, InMotion? before, ApplyResult result, CancellationToken cancellationToken)
    {
        if (result.Owed.Count > 0 && started.Clients > row.Settings.Clients && !OwedSessions.LosesTopics(started, row.Settings))
        {
            await owed.AddAsync(row.Id, started, endpoints, row.Settings.Clients, string.Join(" ", result.Owed), cancellationToken);
            await specs.StoreStartedAsync(row.Id, row.Settings, endpoints, cancellationToken);
        }
        else if (result.Owed.Count == 0 && before is not null && OwedSessions.AllIn(before.Spec, started))
        {
            await specs.StoreStartedAsync(row.Id, row.Settings, endpoints, cancellationToken);
        }
    }

    /// <summary>Ends what a change of the settings left behind; null when there is nothing (any more), otherwise why it could not be done.</summary>
    public async Task<string?> EndLeftAsync(ConnectorTask row, CancellationToken cancellationToken)
    {
        if (row.StartedSettings is not { } started || !OwedSessions.LeftBy(started, row.Settings))
        {
            return null;
        }

        var cause = await EndAsync(row, started, spec => OwedSessions.ToEnd(spec, started, row.Settings), cancellationToken);
        if (cause is null)
        {
            var remaining = OwedSessions.LosesTopics(started, row.Settings) ? null : started with { Clients = Math.Min(started.Clients, row.Settings.Clients) };
            await specs.StoreStartedAsync(row.Id, remaining, remaining is null ? null : row.StartedEndpoints, cancellationToken);
        }

        return cause;
    }

    /// <summary>Ends all that the last start left; null when there is nothing (any more), otherwise why it could not be done.</summary>
    public async Task<string?> EndAllAsync(ConnectorTask row, CancellationToken cancellationToken) =>
        row.StartedSettings is { } started ? await EndAsync(row, started, spec => spec, cancellationToken) : null;

    private async Task<string?> EndAsync(
        ConnectorTask row, ConnectorTaskDraft started, Func<PipelineSpec, PipelineSpec> part, CancellationToken cancellationToken)
    {
        if (started.CleanSession || await specs.CompileStartedAsync(row, started, row.StartedEndpoints, cancellationToken) is not { } spec)
        {
            // A clean session ended with its connection; and with the connection its credentials are gone.
            return null;
        }

        var cause = await supervisor.EndSessionsAsync(part(spec), cancellationToken);
        if (cause is not null)
        {
            Log.SessionsOwed(logger, row.Id, cause);
        }

        return cause;
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEvents.SessionsOwed, LogLevel.Warning, "Sessions of {TaskId} at the broker could not be ended: {Cause}")]
        public static partial void SessionsOwed(ILogger logger, string taskId, string cause);
    }
}
