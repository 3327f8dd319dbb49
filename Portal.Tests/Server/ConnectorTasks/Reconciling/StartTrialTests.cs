using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Reconciling;

namespace Portal.Tests.Server.ConnectorTasks.Reconciling;

public class StartTrialTests
{
    private static readonly TimeSpan Late = StartTrial.Patience;

    [Theory]
    [InlineData(PipelineStatus.Running)]
    [InlineData(PipelineStatus.Degraded)]
    [InlineData(PipelineStatus.Draining)]
    public void Judge_UpOrAnotherOrderCame_Passes(PipelineStatus status) =>
        Assert.Equal(TrialVerdict.Passed, new StartTrial(true, false).Judge(Photo(status), TimeSpan.Zero));

    [Theory]
    [InlineData(PipelineStatus.Running)]
    [InlineData(PipelineStatus.Degraded)]
    public void Judge_NewTarget_PassesWithTheFirstRecordOrWithTime(PipelineStatus status)
    {
        var trial = new StartTrial(false, true);
        var photo = Photo(status);

        Assert.Equal(TrialVerdict.Open, trial.Judge(photo, TimeSpan.Zero));
        Assert.Equal(TrialVerdict.Passed, trial.Judge(photo with { Books = photo.Books with { Delivered = 1 } }, TimeSpan.Zero));
        Assert.Equal(TrialVerdict.Passed, trial.Judge(photo, Late));
    }

    [Theory]
    [InlineData(PipelineStatus.Starting)]
    [InlineData(PipelineStatus.Recovering)]
    [InlineData(PipelineStatus.Blocked)]
    public void Judge_NotUp_WaitsAndThenFails(PipelineStatus status)
    {
        var trial = new StartTrial(true, true);

        Assert.Equal(TrialVerdict.Open, trial.Judge(Photo(status), Late - TimeSpan.FromSeconds(1)));
        Assert.Equal(TrialVerdict.Failed, trial.Judge(Photo(status), Late));
    }

    [Fact]
    public void Judge_NeedsYouOrAFault_FailsAtOnce()
    {
        var trial = new StartTrial(true, true);

        Assert.Equal(TrialVerdict.Failed, trial.Judge(Photo(PipelineStatus.Recovering) with { NeedsYou = true }, TimeSpan.Zero));
        Assert.Equal(TrialVerdict.Failed, trial.Judge(Photo(PipelineStatus.Failed), TimeSpan.Zero));
        Assert.Equal(TrialVerdict.Failed, trial.Judge(Photo(PipelineStatus.Recovering) with { AttemptsAllowed = 7 }, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(PipelineStatus.Blocked, true, false)]
    [InlineData(PipelineStatus.Recovering, false, true)]
    public void Judge_HeldUpByWhatWasNotChanged_Passes(PipelineStatus status, bool newSource, bool newTarget) =>
        Assert.Equal(TrialVerdict.Passed, new StartTrial(newSource, newTarget).Judge(Photo(status) with { NeedsYou = true }, Late));

    [Fact]
    public void Judge_SomeClientsOnline_PassesInTheEnd() =>
        Assert.Equal(TrialVerdict.Passed, new StartTrial(true, false).Judge(Photo(PipelineStatus.Starting, TaskClientStatus.Online, TaskClientStatus.Connecting), Late));

    private static PipelineSnapshot Photo(PipelineStatus status, params TaskClientStatus[] clients) => new()
    {
        Id = "task-1",
        RunId = Guid.NewGuid(),
        StartedAt = DateTimeOffset.UnixEpoch,
        TakenAt = DateTimeOffset.UnixEpoch,
        Since = DateTimeOffset.UnixEpoch,
        Status = status,
        Books = default,
        Clients = [.. clients.Select((client, index) => new TaskClientSnapshot { ClientId = $"task-1-{index}", Index = index, Status = client, ReceivedByQos = [0, 0, 0] })],
    };
}
