using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Pipelines;

public sealed class AutomaticRestartsTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly EngineRig _rig;

    public AutomaticRestartsTests() => _rig = new EngineRig(time: _time);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public void Next_OneAfterTheOther_DoublesThePauseAndEndsAfterSeven()
    {
        var restarts = new AutomaticRestarts();

        var pauses = Enumerable.Range(0, 7).Select(_ => restarts.Next(_time.GetUtcNow())!.Pause.TotalSeconds).ToList();

        Assert.Equal([2, 4, 8, 16, 32, 64, 128], pauses);
        Assert.Null(restarts.Next(_time.GetUtcNow()));
        Assert.Equal(1, restarts.Next(_time.GetUtcNow() + TimeSpan.FromHours(1))!.Number);
    }

    [Fact]
    public void Next_AfterAnOrder_CountsAnew()
    {
        var restarts = new AutomaticRestarts();
        restarts.Next(_time.GetUtcNow());

        restarts.Forget();

        Assert.Equal(1, restarts.Next(_time.GetUtcNow())!.Number);
    }

    [Fact]
    public async Task Failed_ByABug_ShowsTheAttemptAndIsRestartedByItself()
    {
        await _rig.StartAsync(_rig.Spec());
        var run = _rig.Snapshot.RunId;
        await FailAsync(1);

        var failed = _rig.Snapshot;
        Assert.Equal((PipelineStatus.Recovering, 1, 7, false), (failed.Status, failed.Attempt, failed.AttemptsAllowed, failed.NeedsYou));
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(2), failed.NextAttemptAt);
        Assert.Contains("boom", failed.Cause);

        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");
        Assert.NotEqual(run, _rig.Snapshot.RunId);
    }

    [Fact]
    public async Task Failed_SevenTimesWithinAnHour_NeedsYou()
    {
        _rig.Sinks.Throws = new InvalidOperationException("boom");
        await _rig.StartAsync(_rig.Spec());
        for (var attempt = 1; attempt <= 7; attempt++)
        {
            await FailAsync(attempt);
            var before = _rig.Broker.Subscribed;
            _time.Advance(_rig.Snapshot.NextAttemptAt!.Value - _time.GetUtcNow());
            await _rig.Broker.SubscribedAsync(before + 1);
            await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");
        }

        await _rig.Broker.Last.PublishAsync(1, "one");

        await Eventually.TrueAsync(
            () => _rig.Snapshot is { Status: PipelineStatus.Failed, Cause: { } cause } && cause.Contains("7 times within 60 minutes", StringComparison.Ordinal), "it gave up");
        Assert.True(_rig.Snapshot.NeedsYou);
        Assert.Null(_rig.Snapshot.NextAttemptAt);
    }

    [Fact]
    public async Task Failed_SomebodyKnowsANewerSpec_IsRestartedWithThatAndCountsOn()
    {
        await _rig.StartAsync(_rig.Spec());
        _rig.Supervisor.RestartThrough(async (id, token) =>
        {
            await _rig.Supervisor.ApplyAsync(_rig.Spec(window: 7) with { Id = id }, token);
            return null;
        });
        await FailAsync(1);

        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");

        Assert.Equal(7, _rig.Snapshot.Window);
        await FailAsync(2);
    }

    [Fact]
    public async Task Failed_RestartedAtAnotherBroker_CountsOn()
    {
        await _rig.StartAsync(_rig.Spec());
        _rig.Supervisor.RestartThrough(async (id, token) =>
        {
            await _rig.Supervisor.RetireAsync(id, RetireMode.KeepSessions, token);
            await _rig.Supervisor.ApplyAsync(_rig.Spec(window: 7) with { Id = id }, token);
            return null;
        });
        await FailAsync(1);

        _time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");

        await FailAsync(2);
    }

    [Fact]
    public async Task CountRestartsAnew_AfterAFault_MakesTheNextAttemptTheFirst()
    {
        await _rig.StartAsync(_rig.Spec());
        await FailAsync(1);

        _rig.Supervisor.CountRestartsAnew("task-1");
        await _rig.Supervisor.ApplyAsync(_rig.Spec(), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");

        await FailAsync(1);
    }

    [Fact]
    public async Task Failed_WhoRestartsItCannot_NeedsYouAndSaysWhy()
    {
        await _rig.StartAsync(_rig.Spec());
        _rig.Supervisor.RestartThrough((_, _) => Task.FromResult<string?>("The connection is gone."));
        await FailAsync(1);

        _time.Advance(TimeSpan.FromSeconds(2));

        await Eventually.TrueAsync(() => Status == PipelineStatus.Failed, "it gave up");
        Assert.EndsWith("It could not be started again: The connection is gone.", _rig.Snapshot.Cause);
    }

    [Fact]
    public async Task Failed_WhoRestartsItSaysWhyNotAndAnotherOneRuns_TellsNothingOfTheOldOne()
    {
        using var enough = new CancellationTokenSource();
        var told = new ConcurrentQueue<string>();
        var listening = ListenAsync(told, enough.Token);
        await _rig.StartAsync(_rig.Spec());
        _rig.Supervisor.RestartThrough(async (_, token) =>
        {
            _rig.Supervisor.CountRestartsAnew("task-1");
            await _rig.Supervisor.RestartAsync(_rig.Spec(), token);
            return "It came too late.";
        });
        for (var round = 0; round < 2; round++)
        {
            await FailAsync(1);
            _time.Advance(TimeSpan.FromSeconds(2));
            await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");
        }

        await Eventually.TrueAsync(() => told.Count(text => text.StartsWith("Running", StringComparison.Ordinal)) == 3, "all is told");
        await enough.CancelAsync();
        await listening;
        Assert.Equal(["Running", "Recovering"], told.Select(text => text.Split(':')[0]).Distinct());
    }

    private async Task ListenAsync(ConcurrentQueue<string> told, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var fact in _rig.Supervisor.WatchFactsAsync(cancellationToken))
            {
                if (fact.Kind == PipelineFactKind.Status)
                {
                    told.Enqueue(fact.Text);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    [Fact]
    public async Task TryNow_WhileItWaits_RestartsAtOnce()
    {
        await _rig.StartAsync(_rig.Spec());
        await FailAsync(1);

        Assert.True(_rig.Supervisor.TryNow("task-1"));

        await Eventually.TrueAsync(() => Status == PipelineStatus.Running, "it runs again");
        Assert.False(_rig.Supervisor.TryNow("task-1"));
    }

    [Fact]
    public async Task StopTrying_WhileItWaits_FailsAndNeedsYou()
    {
        await _rig.StartAsync(_rig.Spec());
        await FailAsync(1);

        Assert.True(_rig.Supervisor.StopTrying("task-1"));
        _time.Advance(TimeSpan.FromMinutes(10));

        await Eventually.TrueAsync(() => Status == PipelineStatus.Failed, "it stays failed");
        Assert.True(_rig.Snapshot.NeedsYou);
        Assert.False(_rig.Supervisor.StopTrying("task-1"));
    }

    [Fact]
    public async Task Failed_ByThePolicyToStop_IsNotRestarted()
    {
        await _rig.StartAsync(_rig.Spec());

        _rig.Sinks.Last.Become(SinkCondition.Stopped, "Too large.");
        await Eventually.TrueAsync(() => Status == PipelineStatus.Failed, "it failed");
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal((PipelineStatus.Failed, true), (Status, _rig.Snapshot.NeedsYou));
    }

    [Fact]
    public async Task Failed_RestartsSwitchedOff_NeedsYou()
    {
        await _rig.StartAsync(_rig.Spec() with { RestartsByItself = false });
        _rig.Sinks.Last.Throws = new InvalidOperationException("boom");

        await _rig.Broker.Last.PublishAsync(1, "one");

        await Eventually.TrueAsync(() => Status == PipelineStatus.Failed, "it failed");
        Assert.True(_rig.Snapshot.NeedsYou);
    }

    private PipelineStatus? Status => _rig.Supervisor.Find("task-1")?.Status;

    private async Task FailAsync(int attempt)
    {
        _rig.Sinks.Last.Throws = new InvalidOperationException("boom");
        await _rig.Broker.Last.PublishAsync(1, "one");
        await Eventually.TrueAsync(
            () => _rig.Supervisor.Find("task-1") is { Status: PipelineStatus.Recovering, AttemptsAllowed: 7 } photo && photo.Attempt == attempt, $"it waits for attempt {attempt}");
    }
}
