using Confluent.Kafka;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Kafka;

namespace Portal.Tests.Engine.Probing.Kafka;

public class KafkaFindingsTests
{
    [Theory]
    [InlineData(3, 3, 2, ProbeState.Passed, null, "2 of which must confirm")]
    [InlineData(3, 1, 2, ProbeState.Warning, "not-in-sync", "only 1 are in sync")]
    [InlineData(3, 3, 1, ProbeState.Warning, "min-isr-one", "min.insync.replicas is 1")]
    [InlineData(1, 1, 1, ProbeState.Warning, "one-replica", "has 1 replica:")]
    [InlineData(1, 1, 2, ProbeState.Warning, "min-isr", "NOT_ENOUGH_REPLICAS")]
    [InlineData(3, 3, null, ProbeState.Warning, "not-offered", "not offered here")]
    public void Replication_AgainstAcksAll_IsJudged(int replicas, int inSync, int? minimum, ProbeState state, string? code, string named)
    {
        var findings = new KafkaFindings();
        findings.AddReplication(Topic(replicas, inSync), minimum);

        Verify(findings, state, code, named);
    }

    [Theory]
    [InlineData(3, 2, 3, ProbeState.Passed, null, "get 3 replicas")]
    [InlineData(3, 1, 1, ProbeState.Failed, "too-few-brokers", "has 1 broker.")]
    [InlineData(1, 1, 3, ProbeState.Warning, "one-replica", "get 1 replica")]
    [InlineData(1, 2, 3, ProbeState.Warning, "min-isr", "asks for 2")]
    [InlineData(3, 1, 3, ProbeState.Warning, "min-isr-one", "min.insync.replicas is 1")]
    [InlineData(null, 2, 3, ProbeState.Warning, "not-offered", "not offered here")]
    public void Creation_AgainstTheBrokers_IsJudged(int? replicas, int minimum, int brokers, ProbeState state, string? code, string named)
    {
        var findings = new KafkaFindings();
        findings.AddCreation(replicas, minimum, brokers);

        Verify(findings, state, code, named);
    }

    [Theory]
    [InlineData(1_000, ProbeState.Passed, null, "up to 1\u202f000 bytes")]
    [InlineData(999, ProbeState.Warning, "too-small", "at most 999 bytes")]
    [InlineData(null, ProbeState.Warning, "not-offered", "not offered here")]
    public void Size_AgainstTheLargestRecord_IsJudged(int? most, ProbeState state, string? code, string named)
    {
        var findings = new KafkaFindings();
        findings.AddSize("orders", most, expected: 1_000);

        Verify(findings, state, code, named);
    }

    [Theory]
    [InlineData(7_952L, ProbeState.Passed, null, "up to 7\u202f952 bytes through: each fits, with key and headers")]
    [InlineData(7_953L, ProbeState.Warning, "source-larger", "With key and headers the largest do not fit")]
    [InlineData(10_001L, ProbeState.Warning, "source-larger", "up to 10\u202f001 bytes through, and the task sends records of up to 10\u202f000")]
    [InlineData(null, ProbeState.Passed, null, "names no largest packet")]
    public void Source_AgainstTheLargestRecord_IsJudged(long? packet, ProbeState state, string? code, string named)
    {
        var findings = new KafkaFindings();
        findings.AddSource(packet, expected: 10_000);

        Verify(findings, state, code, named);
    }

    [Fact]
    public void Verdict_OfSeveral_IsTheWorstAndTellsAll()
    {
        var findings = new KafkaFindings();
        Assert.Equal(ProbeState.Skipped, findings.Verdict().State);

        findings.AddReplication(Topic(3, 3), 2);
        Assert.Equal(ProbeState.Passed, findings.Verdict().State);

        findings.AddReplication(Topic(3, 3), null);
        Assert.Equal("not-offered", findings.Verdict().Code);

        findings.AddReplication(Topic(1, 1), 1);
        Assert.Equal("one-replica", findings.Verdict().Code);

        findings.AddCreation(3, 1, 1);
        findings.AddReplication(Topic(1, 1), 1);
        Assert.Equal((ProbeState.Failed, "too-few-brokers"), (findings.Verdict().State, findings.Verdict().Code));
        Assert.Equal(5, findings.Verdict().Result!.Split('\n').Length);
    }

    private static void Verify(KafkaFindings findings, ProbeState state, string? code, string named)
    {
        var verdict = findings.Verdict();
        Assert.Equal((state, code), (verdict.State, verdict.Code));
        Assert.Contains(named, verdict.Result);
        // What is not offered cannot be mended by whoever reads it; everything else comes with what to do.
        Assert.Equal(state == ProbeState.Passed || code == "not-offered", string.IsNullOrEmpty(verdict.Advice));
    }

    private static KafkaTopicFacts Topic(int replicas, int inSync) => new("orders", ErrorCode.NoError, 6, 0, replicas, inSync, true);
}
