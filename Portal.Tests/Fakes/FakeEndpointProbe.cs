using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Engine.Probing;
using Portal.Engine.Specs;

namespace Portal.Tests.Fakes;

/// <summary>Answers as the test says: at once with <see cref="Answer"/>, or report by report through <see cref="Script"/>.</summary>
internal sealed class FakeEndpointProbe : IEndpointProbe
{
    public static ProbeReport Passing { get; } = new(
        [Step("sign-in", ProbeState.Passed), Step("verdict", ProbeState.Passed)], Finished: true);

    public ProbeReport Answer { get; set; } = Passing;

    /// <summary>When set, its reports are given one by one, and the probe ends with it.</summary>
    public Channel<ProbeReport>? Script { get; set; }

    public List<MqttBrokerSpec> MqttProbes { get; } = [];

    /// <summary>Of each of <see cref="MqttProbes"/>.</summary>
    public List<bool> UserFollows { get; } = [];

    public List<KafkaSpec> KafkaProbes { get; } = [];

    public List<KafkaProbeTarget> KafkaTargets { get; } = [];

    public static ProbeReport Failing(string result, string advice) => new(
        [Step("sign-in", ProbeState.Failed) with { Code = "bad-credentials", Result = result, Advice = advice }, Step("verdict", ProbeState.Skipped)], Finished: true);

    public static ProbeStep Step(string name, ProbeState state) =>
        new() { Name = name, Title = name, State = state, Took = TimeSpan.FromMilliseconds(7) };

    public IAsyncEnumerable<ProbeReport> ProbeMqttAsync(MqttBrokerSpec broker, bool userFollows, CancellationToken cancellationToken)
    {
        MqttProbes.Add(broker);
        UserFollows.Add(userFollows);
        return ReportAsync(cancellationToken);
    }

    public IAsyncEnumerable<ProbeReport> ProbeKafkaAsync(KafkaSpec kafka, KafkaProbeTarget target, CancellationToken cancellationToken)
    {
        KafkaProbes.Add(kafka);
        KafkaTargets.Add(target);
        return ReportAsync(cancellationToken);
    }

    private async IAsyncEnumerable<ProbeReport> ReportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Script is null)
        {
            yield return Answer;
            yield break;
        }

        await foreach (var report in Script.Reader.ReadAllAsync(cancellationToken))
        {
            yield return report;
        }
    }
}
