using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Sources;

namespace Portal.Tests.Engine.Pipelines;

public class PipelineVerdictTests
{
    private static readonly SinkState Ready = new(SinkCondition.Ready, DateTimeOffset.UnixEpoch, null);
    private static readonly ClientStanding Online = new(TaskClientStatus.Online, true, null, false, 0, null, []);
    private static readonly ClientStanding New = new(TaskClientStatus.Connecting, false, null, false, 0, null, []);
    private static readonly ClientStanding Away = new(TaskClientStatus.Waiting, true, "It is dark.", false, 3, DateTimeOffset.UnixEpoch.AddSeconds(9), []);

    private static readonly SinkState NoKafka = new(SinkCondition.Blocked, DateTimeOffset.UnixEpoch, "x");
    private static readonly PipelineFault Broken = new("Broken.", IsMendable: true);

    [Fact]
    public void Of_EverythingWell_IsRunningWithoutACause() =>
        Assert.Equal(new PipelineVerdict(PipelineStatus.Running), PipelineVerdict.Of(null, false, Ready, [Online, Online]));

    [Fact]
    public void Of_FirstConnect_IsStarting() =>
        Assert.Equal(PipelineStatus.Starting, PipelineVerdict.Of(null, false, Ready, [New, Online]).Status);

    [Fact]
    public void Of_NoClient_IsRecoveringWithTheNextAttempt()
    {
        var verdict = PipelineVerdict.Of(null, false, Ready, [Away, Away]);

        Assert.Equal(new PipelineVerdict(PipelineStatus.Recovering, "It is dark.", false, 4, DateTimeOffset.UnixEpoch.AddSeconds(9)), verdict);
    }

    [Fact]
    public void Of_SomeClients_IsDegradedAndCountsThem()
    {
        var verdict = PipelineVerdict.Of(null, false, Ready, [Online, Away]);

        Assert.Equal((PipelineStatus.Degraded, "1 of 2 clients are connected. It is dark."), (verdict.Status, verdict.Cause));
    }

    [Theory]
    [InlineData(SinkCondition.Blocked, false)]
    [InlineData(SinkCondition.Lost, false)]
    [InlineData(SinkCondition.Refused, true)]
    public void Of_KafkaAway_IsBlockedWhateverTheClients(SinkCondition condition, bool needsYou)
    {
        var verdict = PipelineVerdict.Of(null, false, new SinkState(condition, DateTimeOffset.UnixEpoch, "No answer."), [Away]);

        Assert.Equal(new PipelineVerdict(PipelineStatus.Blocked, "No answer.", needsYou), verdict);
    }

    [Fact]
    public void Of_KafkaTriedAgain_IsBlockedWithTheNextAttempt()
    {
        var at = DateTimeOffset.UnixEpoch.AddSeconds(5);

        var verdict = PipelineVerdict.Of(null, false, new SinkState(SinkCondition.Refused, DateTimeOffset.UnixEpoch, "No topic.", 3, at), [Online]);

        Assert.Equal(new PipelineVerdict(PipelineStatus.Blocked, "No topic.", NeedsYou: true, 3, at), verdict);
    }

    [Fact]
    public void Of_Fault_ComesBeforeKafkaAndClients() =>
        Assert.Equal(new PipelineVerdict(PipelineStatus.Failed, "Broken.", NeedsYou: true), PipelineVerdict.Of(Broken, false, NoKafka, [Online]));

    [Fact]
    public void Of_FaultWithAPlan_IsRecoveringAndTellsTheAttempt()
    {
        var at = DateTimeOffset.UnixEpoch.AddSeconds(2);

        var verdict = PipelineVerdict.Of(Broken with { Plan = new RestartPlan(1, 7, at) }, false, NoKafka, [Away]);

        Assert.Equal(new PipelineVerdict(PipelineStatus.Recovering, "Broken.", false, 1, at, 7), verdict);
    }

    [Fact]
    public void Of_FaultWithAPlanThatEnds_IsRecoveringWithTheAttemptUnderWay()
    {
        var fault = Broken with { Plan = new RestartPlan(1, 7, DateTimeOffset.UnixEpoch) };

        Assert.Equal(new PipelineVerdict(PipelineStatus.Recovering, "Broken.", false, 1, null, 7), PipelineVerdict.Of(fault, true, Ready, [Online]));
    }

    [Fact]
    public void Of_FaultWhileItEndsByOrder_IsDraining() =>
        Assert.Equal((PipelineStatus.Draining, false), (PipelineVerdict.Of(Broken, true, Ready, [Online]).Status, PipelineVerdict.Of(Broken, true, Ready, [Online]).NeedsYou));
}
