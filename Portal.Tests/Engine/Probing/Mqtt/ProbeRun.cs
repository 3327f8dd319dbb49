using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Mqtt;
using Portal.Engine.Specs;

namespace Portal.Tests.Engine.Probing.Mqtt;

/// <summary>Runs a probe to its end.</summary>
internal static class ProbeRun
{
    public static MqttBrokerSpec At(
        int port, MqttProtocol protocol = MqttProtocol.V5, MqttTransport transport = MqttTransport.Tcp, string host = "127.0.0.1")
    {
        return new MqttBrokerSpec
        {
            Endpoints = [new MqttEndpoint(transport, host, port)],
            Protocol = protocol,
            UserName = "tester",
            Password = "secret",
        };
    }

    public static async Task<ProbeReport> ToEndAsync(MqttBrokerSpec broker, TimeProvider? time = null, bool userFollows = false)
    {
        var reports = new List<ProbeReport>();
        await foreach (var report in new MqttProbe(time ?? TimeProvider.System).ProbeAsync(broker, userFollows, TestContext.Current.CancellationToken))
        {
            reports.Add(report);
        }

        Assert.All(reports.SkipLast(1), report => Assert.False(report.Finished));
        Assert.True(reports[^1].Finished);
        Assert.All(reports, report => Assert.Equal(["resolve", "port", "tls", "sign-in", "subscribe", "verdict"], report.Steps.Select(step => step.Name)));
        // Whatever happened: a finished report leaves nothing open, and says what to do about each thing that is wrong.
        Assert.All(reports[^1].Steps, step =>
        {
            Assert.DoesNotContain(step.State, (ProbeState[])[ProbeState.Waiting, ProbeState.Running]);
            Assert.False(string.IsNullOrWhiteSpace(step.Result));
            Assert.DoesNotContain("secret", step.Result + step.Advice, StringComparison.Ordinal);
            if (step.State is ProbeState.Failed or ProbeState.Warning)
            {
                Assert.False(string.IsNullOrWhiteSpace(step.Code));
                Assert.False(string.IsNullOrWhiteSpace(step.Advice));
            }
        });
        return reports[^1];
    }

    /// <summary>For what never answers: time runs a thousand times faster.</summary>
    public static async Task<(ProbeReport Report, TimeSpan Took)> ToEndInFastTimeAsync(MqttBrokerSpec broker)
    {
        var time = new FakeTimeProvider();
        var start = time.GetTimestamp();
        var run = ToEndAsync(broker, time);
        while (await Task.WhenAny(run, Task.Delay(1, TestContext.Current.CancellationToken)) != run)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return (await run, time.GetElapsedTime(start));
    }

    public static ProbeStep Failure(this ProbeReport report) => report.Steps.First(step => step.State == ProbeState.Failed);

    public static ProbeStep Step(this ProbeReport report, string name) => report.Steps.Single(step => step.Name == name);
}
