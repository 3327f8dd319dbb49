using System.Runtime.CompilerServices;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>The MQTT half of <see cref="IEndpointProbe"/>: tries one endpoint after another until one passes.</summary>
internal sealed class MqttProbe(TimeProvider time)
{
    private static readonly TimeSpan LeastShare = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc cref="IEndpointProbe.ProbeMqttAsync"/>
    public async IAsyncEnumerable<ProbeReport> ProbeAsync(
        MqttBrokerSpec broker, bool userFollows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var failed = new List<(MqttEndpoint Endpoint, ProbeReport Report)>();
        foreach (var (index, endpoint) in broker.Endpoints.Index())
        {
            // Each endpoint gets its share of the time that is left, so that a silent one does not use up that of the others.
            var share = (ProbeRunner.TotalLimit - time.GetElapsedTime(start)) / (broker.Endpoints.Count - index);
            share = share > LeastShare ? share : LeastShare;
            await using var attempt = new MqttAttempt(broker, endpoint, userFollows, time);
            var last = new ProbeReport([], Finished: false);
            await foreach (var report in ProbeRunner.RunAsync(attempt.Stages, time, cancellationToken, share))
            {
                last = report with { Broker = attempt.Facts };
                if (!report.Finished)
                {
                    yield return last;
                }
            }

            if (last.Passed)
            {
                yield return WithOthers(last, last.Steps[Reached(last)].Name, failed);
                yield break;
            }

            failed.Add((endpoint, last));
        }

        // None passes: the one that came furthest shows most of what is right and what is wrong.
        var furthest = failed.MaxBy(attempt => Reached(attempt.Report));
        failed.Remove(furthest);
        yield return WithOthers(furthest.Report, furthest.Report.Steps[Reached(furthest.Report)].Name, failed);
    }

    private static int Reached(ProbeReport report) =>
        report.Steps.Index().Last(step => step.Item.State != ProbeState.Skipped || step.Index == 0).Index;

    private static ProbeReport WithOthers(ProbeReport report, string at, List<(MqttEndpoint Endpoint, ProbeReport Report)> others)
    {
        if (others.Count == 0)
        {
            return report;
        }

        var lines = others.Select(other =>
            $"{other.Endpoint} does not work: {other.Report.Steps.First(step => step.State == ProbeState.Failed).Result}");
        return report with
        {
            Steps =
            [
                .. report.Steps.Select(step => step.Name != at ? step : step with
                {
                    Result = string.Join('\n', [step.Result, .. lines]),
                    State = step.State == ProbeState.Passed ? ProbeState.Warning : step.State,
                    Code = step.Code ?? "other-endpoints",
                    Advice = step.Advice ?? "Repair the other endpoints, or remove them from the cluster: a task tries them in turn.",
                }),
            ],
        };
    }
}
