using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Sinks;
using Portal.Engine.Sinks.Producing;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Sinks.Producing;

public class RenewalPauseTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly SinkConditions _conditions;
    private readonly RenewalPause _pause;

    public RenewalPauseTests()
    {
        _conditions = new SinkConditions(new RecordingListener(), _time);
        _pause = new RenewalPause(new SinkRetries(_conditions, _time), _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BeforeNext_LostAgainAtOnce_ShowsTheAttemptAndWhenItComes()
    {
        _conditions.Silent("The producer is gone.", needsYou: false);
        await _pause.BeforeNextAsync(Cancellation);
        Assert.Equal((0, null), Plan);

        var second = _pause.BeforeNextAsync(Cancellation);
        Assert.Equal((2, _time.GetUtcNow() + TimeSpan.FromSeconds(1)), Plan);
        _time.Advance(TimeSpan.FromSeconds(1));
        await second;
        Assert.Equal((2, null), Plan);

        var third = _pause.BeforeNextAsync(Cancellation);
        Assert.Equal((3, _time.GetUtcNow() + TimeSpan.FromSeconds(2)), Plan);
        _time.Advance(TimeSpan.FromSeconds(2));
        await third;

        _conditions.Renewed();
        Assert.Equal((0, null), Plan);
    }

    [Fact]
    public async Task BeforeNext_AfterAMinuteOfPeace_ComesAtOnce()
    {
        _conditions.Silent("The producer is gone.", needsYou: false);
        await _pause.BeforeNextAsync(Cancellation);
        _time.Advance(TimeSpan.FromMinutes(2));

        await _pause.BeforeNextAsync(Cancellation);

        Assert.Equal((0, null), Plan);
    }

    private (int Attempt, DateTimeOffset? At) Plan => (_conditions.State.Attempt, _conditions.State.NextAttemptAt);
}
