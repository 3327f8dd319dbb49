using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Contracts;
using Portal.Client.Live;

namespace Portal.Tests.Client.Live;

public class LiveComponentTests : PageContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Follow_Changes_ArriveOnTheDispatcherInOrder()
    {
        var follower = Render<Follower>();

        Feed.Send(SampleTasks.Live("task-a"));
        Feed.Send(SampleTasks.Live("task-b"));

        follower.WaitForAssertion(() => Assert.Equal("task-a task-b", follower.Markup), Patience);
        Assert.True(follower.Instance.OnDispatcher);
    }

    [Fact]
    public async Task Dispose_WhileFollowing_EndsTheWatch()
    {
        Render<Follower>();
        Assert.Equal(1, Feed.Watchers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Feed.Watchers);
    }

    [Fact]
    public async Task Hidden_Tab_IsServedOnlyWhenItIsSeenAgain()
    {
        var follower = Render<Follower>();
        var visibility = Services.GetRequiredService<PageVisibility>();
        visibility.Set(hidden: true);

        Feed.Send(SampleTasks.Live("task-a"));
        // The change has been taken from the feed as soon as nothing is left to read; it must still not be shown.
        await follower.InvokeAsync(() => { });
        Assert.Equal("", follower.Markup);

        visibility.Set(hidden: false);
        follower.WaitForAssertion(() => Assert.Equal("task-a", follower.Markup), Patience);
    }

    [Fact]
    public void Every_Tick_ComesOnTheClockUntilDisposal()
    {
        var follower = Render<Follower>();

        Clock.Advance(TimeSpan.FromSeconds(5));
        follower.WaitForAssertion(() => Assert.Equal(1, follower.Instance.Ticks), Patience);
        Clock.Advance(TimeSpan.FromSeconds(5));
        follower.WaitForAssertion(() => Assert.Equal(2, follower.Instance.Ticks), Patience);
    }

    private sealed class Follower : LiveComponent
    {
        private readonly List<string> _seen = [];

        public bool OnDispatcher { get; private set; }

        public int Ticks { get; private set; }

        [Inject]
        private ILiveFeed Feed { get; set; } = default!;

        protected override void OnInitialized()
        {
            Follow(Feed.WatchTasks(), tasks =>
            {
                OnDispatcher = SynchronizationContext.Current is not null;
                _seen.AddRange(tasks.Select(task => task.Id));
                StateHasChanged();
                return Task.CompletedTask;
            });
            Every(TimeSpan.FromSeconds(5), () =>
            {
                Ticks++;
                return Task.CompletedTask;
            });
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, string.Join(' ', _seen));
    }
}
