using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Live;
using Portal.Server.Live.Roster;
using Portal.Tests.Fakes;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Live.Roster;

public sealed class TaskRosterTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly FakePipelineSupervisor _supervisor;
    private readonly LiveFeed _feed;
    private readonly TaskRoster _roster;

    public TaskRosterTests()
    {
        _supervisor = new FakePipelineSupervisor(_time);
        _feed = new LiveFeed(_supervisor, null!, _time);
        _roster = new TaskRoster(_feed, _supervisor, _time);
    }

    public async ValueTask InitializeAsync()
    {
        await _supervisor.ApplyAsync(Drafts.Spec(), TestContext.Current.CancellationToken);
        _roster.Add(Entry());
    }

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    [Theory]
    [InlineData(PipelineStatus.Starting, ConnectorTaskStatus.Starting)]
    [InlineData(PipelineStatus.Running, ConnectorTaskStatus.Running)]
    [InlineData(PipelineStatus.Degraded, ConnectorTaskStatus.Degraded)]
    [InlineData(PipelineStatus.Recovering, ConnectorTaskStatus.Recovering)]
    [InlineData(PipelineStatus.Blocked, ConnectorTaskStatus.Blocked)]
    [InlineData(PipelineStatus.Failed, ConnectorTaskStatus.Failed)]
    [InlineData(PipelineStatus.Draining, ConnectorTaskStatus.Restarting)]
    public void Observe_PhotoOfARunningTask_ShowsItsStatusAndCause(PipelineStatus photo, ConnectorTaskStatus shown)
    {
        See(last => last with { Status = photo, Cause = "because", NeedsYou = photo == PipelineStatus.Failed, Attempt = 3 });

        Assert.Equal((shown, "because", photo == PipelineStatus.Failed, 3), (Live.Status, Live.Cause, Live.NeedsYou, Live.Attempt));
    }

    [Fact]
    public void Observe_FailedWithAWayBack_RecoversByItself()
    {
        _roster.Change(Drafts.Id, entry => entry with { Former = new InMotion(Drafts.Spec(), new SettingsStamp("c", 1, "m", 1, "k", 1), Drafts.Valid, []) });
        See(last => last with { Status = PipelineStatus.Failed, NeedsYou = true });
        Assert.Equal((ConnectorTaskStatus.Recovering, false), (Live.Status, Live.NeedsYou));

        _roster.Change(Drafts.Id, entry => entry with { Former = null });
        Assert.Equal((ConnectorTaskStatus.Failed, true), (Live.Status, Live.NeedsYou));
    }

    [Fact]
    public void Observe_NothingChanged_PublishesNothing()
    {
        using var watch = _feed.WatchTasks();
        _time.Advance(TimeSpan.FromMinutes(1));
        See(last => last with { TakenAt = _time.GetUtcNow(), Clients = [.. last.Clients], Warnings = [] });
        _roster.Change(Drafts.Id, entry => entry with { Clients = 1 });

        Assert.Same(watch.Initial[0], _feed.Tasks.Find(Drafts.Id));
    }

    [Fact]
    public void Observe_SmallestChangeOfARate_IsNoNews()
    {
        See(last => last with { InPerSecond = 12.04 });
        var before = Live;
        See(last => last with { InPerSecond = 12.0400001 });
        Assert.Same(before, Live);
        See(last => last with { InPerSecond = 12.2 });

        Assert.Equal(12.2, Live.InPerSecond);
    }

    [Fact]
    public void Command_UnderWay_IsShownWhateverThePhotoSays()
    {
        _roster.Change(Drafts.Id, entry => entry with { Command = new UnderWay(ConnectorTaskStatus.Deleting, _time.GetUtcNow()) });
        See(last => last with { Status = PipelineStatus.Draining });

        Assert.Equal(ConnectorTaskStatus.Deleting, Live.Status);
    }

    [Fact]
    public async Task Books_OverSeveralRuns_AreTheirSumAtEveryInstant()
    {
        See(last => last with { Books = Books(received: 100, delivered: 90, open: 10) });
        var final = _supervisor.Find(Drafts.Id)! with { Books = Books(received: 105, delivered: 105) };
        Assert.Equal(100, Live.Books.Received);

        // The next run is seen before the final books of the last one came.
        await _supervisor.RestartAsync(Drafts.Spec(), TestContext.Current.CancellationToken);
        See(last => last with { Books = Books(received: 7, delivered: 7) });
        Assert.Equal(107, Live.Books.Received);
        _roster.Change(Drafts.Id, entry => entry.Ended(final));
        Assert.Equal((112, 112, 0), (Live.Books.Received, Live.Books.Delivered, Live.Books.Open));

        // Told twice, or a late photo of the ended run: counted once.
        _roster.Change(Drafts.Id, entry => entry.Ended(final));
        _roster.Observe([final]);
        _roster.Observe(_supervisor.Snapshots());
        Assert.Equal(112, Live.Books.Received);
        Assert.Equal(0, Live.Books.Unaccounted);
    }

    [Fact]
    public async Task Books_PausedBeforeTheFinalOnesCame_KeepTheLastSeen()
    {
        See(last => last with { Books = Books(received: 40, delivered: 40) });
        await _supervisor.RetireAsync(Drafts.Id, RetireMode.KeepSessions, TestContext.Current.CancellationToken);
        _roster.Change(Drafts.Id, entry => entry with { Asked = AskedState.Paused });

        Assert.Equal((ConnectorTaskStatus.Paused, 40), (Live.Status, Live.Books.Received));
    }

    [Fact]
    public void Books_RunEndedWithOpenMessages_CountsThemAsAbandoned()
    {
        var final = _supervisor.Find(Drafts.Id)! with { Books = Books(received: 10, delivered: 6, open: 4) };
        _roster.Change(Drafts.Id, entry => entry.Ended(final));

        Assert.Equal((4, 0, 0), (Live.Books.Abandoned, Live.Books.Open, Live.Books.Unaccounted));
    }

    [Fact]
    public void Change_TaskThatIsGone_DoesNotBringItBack()
    {
        _roster.Remove(Drafts.Id);
        _roster.Change(Drafts.Id, entry => entry with { Clients = 9 });
        _roster.Observe(_supervisor.Snapshots());

        Assert.Null(_feed.Tasks.Find(Drafts.Id));
    }

    private ConnectorTaskLive Live => _feed.Tasks.Find(Drafts.Id)!;

    private void See(Func<PipelineSnapshot, PipelineSnapshot> change)
    {
        _supervisor.Show(Drafts.Id, change);
        _roster.Observe(_supervisor.Snapshots());
    }

    private RosterEntry Entry() => new() { Id = Drafts.Id, Asked = AskedState.Running, AskedAt = _time.GetUtcNow(), Clients = 1 };

    private static PipelineBooks Books(long received, long delivered, long open = 0) => new(received, delivered, 0, 0, 0, 0, 0, open, 0);
}
