using Portal.Client.Contracts;
using Portal.Engine.Probing;
using Portal.Server.Connections.Probing;
using Portal.Server.ConnectorTasks.Checks;
using Portal.Server.Live.Roster;

namespace Portal.Server.ConnectorTasks.Reconciling;

/// <summary>
/// Tries a new source or target before a task gives up those with which it runs: the same staged tests that the wizards show. What did not
/// change is not asked, so that a plain restart costs nothing.
/// </summary>
internal sealed class Rehearsal(IEndpointProbe probe, TimeProvider time)
{
    /// <summary>How long both tests may take together; each of their stages has its own limit.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Why the task could not run with what is asked now, in words; null when it could.</summary>
    /// <param name="runs">What is in motion.</param>
    /// <param name="asked">What shall be.</param>
    /// <param name="settings">The settings that <paramref name="asked"/> was compiled from.</param>
    /// <param name="cancellationToken">Ends the tests.</param>
    public async Task<string?> FindFaultAsync(InMotion runs, InMotion asked, ConnectorTaskDraft settings, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (!runs.HasBrokerOf(asked.Spec) && await FaultAsync(probe.ProbeMqttAsync(asked.Spec.Source.Broker, userFollows: false, either.Token)) is { } source)
            {
                return $"the source fails: {source}";
            }

            var hasTarget = runs.Spec.Sink.SameAs(asked.Spec.Sink) && runs.Spec.Delivery == asked.Spec.Delivery;
            var kafka = asked.Spec.Sink.Kafka;
            return !hasTarget && await FaultAsync(probe.ProbeKafkaAsync(kafka, KafkaPreflight.Target(settings, kafka), either.Token)) is { } target
                ? $"the target fails: {target}"
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"source and target did not answer within {Patience.TotalSeconds:0} s. Test them one by one.";
        }
    }

    private static async Task<string?> FaultAsync(IAsyncEnumerable<ProbeReport> reports)
    {
        string? fault = null;
        await foreach (var report in ProbeReports.Translate(reports))
        {
            fault = ProbeReports.Cause(report);
        }

        return fault;
    }
}
