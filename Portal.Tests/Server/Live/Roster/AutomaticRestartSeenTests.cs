using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Server.Live;
using Portal.Server.Live.Roster;
using Portal.Tests.Fakes;

namespace Portal.Tests.Server.Live.Roster;

/// <summary>What those who watch a task see of its automatic restart, told by the real engine.</summary>
public sealed class AutomaticRestartSeenTests : IAsyncDisposable
{
    private const string Id = "task-1";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<PipelineFact> _facts = new();
    private readonly ConcurrentQueue<ConnectorTaskLive> _seen = new();
    private readonly EngineRig _rig;
    private readonly LiveFeed _feed;
    private readonly TaskRoster _roster;
    private Task _watching = Task.CompletedTask;

    public AutomaticRestartSeenTests()
    {
        _rig = new EngineRig(time: _time);
        _feed = new LiveFeed(_rig.Supervisor, null!, _time);
        _roster = new TaskRoster(_feed, _rig.Supervisor, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _watching;
        await _rig.DisposeAsync();
        _enough.Dispose();
    }

    [Fact]
    public async Task Failed_AndStartedAgainByItself_IsNeverSeenAsFailed()
    {
        await WatchAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var run = _rig.Snapshot.RunId;
            await FailAsync();
            await Eventually.TrueAsync(() => _feed.Tasks.Find(Id)!.Attempt == attempt, $"attempt {attempt} is seen");
            _time.Advance(_rig.Snapshot.NextAttemptAt!.Value - _time.GetUtcNow());
            await Eventually.TrueAsync(() => _feed.Tasks.Find(Id) is { Status: ConnectorTaskStatus.Running } && _rig.Snapshot.RunId != run, "it runs again");
        }

        await StopWatchingAsync();

        Assert.DoesNotContain(_seen, live => live.NeedsYou || live.Status == ConnectorTaskStatus.Failed);
        Assert.Equal(
            ["Running", "Recovering", "Running", "Recovering", "Running", "Recovering", "Running"],
            _facts.Where(fact => fact.Kind == PipelineFactKind.Status).Select(fact => fact.Text.Split(':')[0]));
        Assert.DoesNotContain(_facts, fact => fact.Severity == FactSeverity.Error);
    }

    [Fact]
    public async Task Failed_WhileItEndsByOrder_IsSeenAsRestarting()
    {
        await WatchAsync();
        var sink = _rig.Sinks.Last;
        sink.AnswersAtOnce = false;
        await _rig.Broker.Last.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => sink.Open == 1, "the record is with the sink");
        var restarting = _rig.Supervisor.RestartAsync(_rig.Spec(), CancellationToken.None);
        await Eventually.TrueAsync(() => _feed.Tasks.Find(Id)!.Status == ConnectorTaskStatus.Restarting, "it drains");

        sink.Become(SinkCondition.Stopped, "Too large.");
        await Eventually.TrueAsync(() => _facts.Any(fact => fact.Text == "Too large."), "it is told");
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return restarting.IsCompleted;
            },
            "the next one stands in its place");
        await restarting;
        await StopWatchingAsync();

        Assert.DoesNotContain(_seen, live => live.NeedsYou || live.Status == ConnectorTaskStatus.Failed);
    }

    /// <summary>Starts the task, and looks at it and at the feed as often as it can.</summary>
    private async Task WatchAsync()
    {
        var facts = FollowAsync();
        await _rig.StartAsync(_rig.Spec());
        _roster.Add(new RosterEntry { Id = Id, Asked = AskedState.Running, AskedAt = _time.GetUtcNow(), Clients = 1 });
        _watching = Task.WhenAll(facts, Task.Run(async () =>
        {
            while (!_enough.IsCancellationRequested)
            {
                Look();
                await Task.Yield();
            }
        }));
    }

    private async Task StopWatchingAsync()
    {
        await _enough.CancelAsync();
        await _watching;
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var fact in _rig.Supervisor.WatchFactsAsync(_enough.Token))
            {
                _facts.Enqueue(fact);
                if (fact.Final is { } final)
                {
                    _roster.Change(Id, entry => entry.Ended(final));
                }

                Look();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Look()
    {
        _roster.Observe(_rig.Supervisor.Snapshots());
        if (_feed.Tasks.Find(Id) is { } live && !ReferenceEquals(_seen.LastOrDefault(), live))
        {
            _seen.Enqueue(live);
        }
    }

    private async Task FailAsync()
    {
        _rig.Sinks.Last.Throws = new InvalidOperationException("boom");
        await _rig.Broker.Last.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Snapshot is { Status: PipelineStatus.Recovering, AttemptsAllowed: > 0 }, "it failed");
    }
}
