using Portal.Client.Live;

namespace Portal.Tests.Client.Live;

public class PageVisibilityTests
{
    private readonly PageVisibility _visibility = new();

    [Fact]
    public void Shown_WhilePaused_StillRests()
    {
        _visibility.Pause(paused: true);
        _visibility.Set(hidden: true);
        var waiting = _visibility.WhenShownAsync(CancellationToken.None);

        _visibility.Set(hidden: false);
        Assert.True(_visibility.IsHidden);
        Assert.False(waiting.IsCompleted);

        _visibility.Pause(paused: false);
        Assert.False(_visibility.IsHidden);
        Assert.True(waiting.IsCompleted);
    }

    [Fact]
    public void Pause_TellsThoseWhoShowIt()
    {
        var told = 0;
        _visibility.PauseChanged += () => told++;

        _visibility.Pause(paused: true);

        Assert.Equal((1, true), (told, _visibility.IsPaused));
    }
}
