using Microsoft.Extensions.Time.Testing;
using Portal.Client.Live;

namespace Portal.Tests.Client.Live;

public class FeedPulseTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 22, 14, 0, 0, TimeSpan.Zero));

    [Fact]
    public void SilentSince_NothingHeard_IsTheLastTimeHeard()
    {
        var pulse = new FeedPulse(_clock);
        _clock.Advance(TimeSpan.FromSeconds(5));
        pulse.Hear();
        var heard = _clock.GetUtcNow();

        _clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Null(pulse.SilentSince);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(heard, pulse.SilentSince);

        pulse.Hear();
        Assert.Null(pulse.SilentSince);
    }
}
