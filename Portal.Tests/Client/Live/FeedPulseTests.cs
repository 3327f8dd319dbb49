using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Tests.Client.Live;

public class FeedPulseTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 22, 14, 0, 0, TimeSpan.Zero));

    [Fact]
    public void SilentSince_TaskInMotionAndNothingHeard_IsTheLastTimeHeard()
    {
        var pulse = new FeedPulse(_clock);
        pulse.Hear([SampleTasks.Live("task-aaaaaaaa")]);
        var heard = _clock.GetUtcNow();

        _clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Null(pulse.SilentSince);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(heard, pulse.SilentSince);
    }

    [Theory]
    [InlineData(ConnectorTaskStatus.Paused)]
    [InlineData(ConnectorTaskStatus.Failed)]
    public void SilentSince_OnlyTasksAtRest_MeansNothing(ConnectorTaskStatus status)
    {
        var pulse = new FeedPulse(_clock);
        pulse.Hear([SampleTasks.Live("task-aaaaaaaa")]);
        pulse.Hear([SampleTasks.Live("task-aaaaaaaa", status)]);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(pulse.SilentSince);
    }

    [Fact]
    public void Rest_HiddenPage_CountsFromThenOn()
    {
        var pulse = new FeedPulse(_clock);
        pulse.Hear([SampleTasks.Live("task-aaaaaaaa")]);
        _clock.Advance(TimeSpan.FromMinutes(1));

        pulse.Rest();

        Assert.Null(pulse.SilentSince);
    }
}
