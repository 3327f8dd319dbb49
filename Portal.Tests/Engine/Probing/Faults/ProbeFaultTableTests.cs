using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Probing;

namespace Portal.Tests.Engine.Probing.Faults;

/// <summary>Every fault of the tables is told at its stage, with its cause and what to do, word for word.</summary>
public class ProbeFaultTableTests
{
    private static readonly Dictionary<string, Fault> Faults = new[]
    {
        MqttFaults.All.Concat(MqttTlsFaults.All).Select(fault => fault with { Name = $"MQTT: {fault.Name}" }),
        KafkaFaults.All.Select(fault => fault with { Name = $"Kafka: {fault.Name}" }),
    }.SelectMany(faults => faults).ToDictionary(fault => fault.Name);

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Probe_OfAFault_TellsItWordForWord(string name)
    {
        var fault = Faults[name];
        await using var rig = new FaultRig();
        var probing = fault.Arrange(rig);

        var report = await ToEndAsync(probing, fault.IsSilent);

        var step = report.Steps.Single(step => step.Name == fault.Stage);
        Assert.Equal(
            (fault.State, fault.Code, Filled(fault.Text, rig), Filled(fault.Advice, rig)), (step.State, step.Code, Calm(step.Result), step.Advice));
        // Nothing before it went wrong, and no secret stands anywhere.
        Assert.All(report.Steps.TakeWhile(one => one != step), one => Assert.NotEqual(ProbeState.Failed, one.State));
        Assert.All(report.Steps, one => Assert.DoesNotContain("secret", $"{one}", StringComparison.Ordinal));
        Assert.False(fault.State == ProbeState.Failed && report.Passed);
    }

    [Fact]
    public void Faults_OfAllTables_AreMoreThanForty() => Assert.InRange(Faults.Count, 41, int.MaxValue);

    private static async Task<ProbeReport> ToEndAsync(Probing probing, bool fast)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var run = LastAsync(probing(fast ? time : TimeProvider.System, TestContext.Current.CancellationToken));
        while (fast && await Task.WhenAny(run, Task.Delay(1, TestContext.Current.CancellationToken)) != run)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
        }

        return await run;
    }

    private static async Task<ProbeReport> LastAsync(IAsyncEnumerable<ProbeReport> reports)
    {
        ProbeReport? last = null;
        await foreach (var report in reports)
        {
            last = report;
        }

        Assert.True(last!.Finished);
        return last;
    }

    private static string Filled(string text, FaultRig rig) => text
        .Replace("{at}", rig.At, StringComparison.Ordinal)
        .Replace("{port}", $"{rig.Port}", StringComparison.Ordinal)
        .Replace("{other port}", $"{rig.OtherPort}", StringComparison.Ordinal)
        .Replace("{2 days ago}", $"{DateTimeOffset.UtcNow.AddDays(-2):yyyy-MM-dd}", StringComparison.Ordinal)
        .Replace("{in 2 days}", $"{DateTimeOffset.UtcNow.AddDays(2):yyyy-MM-dd}", StringComparison.Ordinal);

    /// <summary>Without what is different each time: the probe's own topic and fingerprints.</summary>
    private static string? Calm(string? text) => text is null ? null : System.Text.RegularExpressions.Regex.Replace(
        System.Text.RegularExpressions.Regex.Replace(text, "probe[_/][0-9a-f]{12}", match => match.Value[..6] + "ID"), "[0-9A-F]{64}", "FINGERPRINT");
}
