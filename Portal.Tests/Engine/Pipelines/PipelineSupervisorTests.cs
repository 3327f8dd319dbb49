using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Pipelines;

public sealed class PipelineSupervisorTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly EngineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Apply_SameSpecTwice_ChangesNothing()
    {
        await _rig.StartAsync(_rig.Spec());
        var run = _rig.Snapshot.RunId;

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec() with { Revision = 7 }, None);

        Assert.Equal(ApplyOutcome.Unchanged, result.Outcome);
        Assert.Equal((run, 7L), (_rig.Snapshot.RunId, _rig.Snapshot.Revision));
        Assert.Equal(1, _rig.Broker.Accepted);
    }

    [Fact]
    public async Task Apply_FilterChanged_SwapsAtTheNextMessageWithoutTouchingTheSession()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Books.Delivered == 1, "the first is delivered");

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec() with { Filter = "qos = 2" }, None);
        await connection.PublishAsync(2, "two");

        await Eventually.TrueAsync(() => _rig.Books.Filtered == 1, "the second is filtered");
        Assert.Equal(ApplyOutcome.Swapped, result.Outcome);
        Assert.Equal(1, _rig.Broker.Accepted);
    }

    [Fact]
    public async Task Apply_WrongSpec_IsRefusedAndTheOldOneGoesOn()
    {
        var connection = await _rig.StartAsync(_rig.Spec());

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec() with { Filter = "payload.t >" }, None);
        await connection.PublishAsync(1, "one");

        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 1, "the old one still delivers");
        Assert.Equal(ApplyOutcome.Refused, result.Outcome);
        Assert.Equal("Filter", Assert.Single(result.Errors).Field);
    }

    [Fact]
    public async Task Apply_WindowChanged_KeepsTheSessionAndStartsAnew()
    {
        var connection = await _rig.StartAsync(_rig.Spec());

        await _rig.StartAsync(_rig.Spec(window: 50));

        await Eventually.TrueAsync(() => connection.IsClosed, "the broker read all that it sent");
        Assert.DoesNotContain(connection.Received, packet => packet.Type == 10);
        Assert.Equal([0xE0], connection.Received.Where(packet => packet.Type == 14).Select(packet => packet.Header));
        Assert.Empty(connection.Received.Single(packet => packet.Type == 14).Body);
    }

    [Fact]
    public async Task Apply_FilterRemovedFromTheGroup_DrainsAndEndsTheOldSession()
    {
        var connection = await _rig.StartAsync(_rig.Spec(filters: ["a", "b"]));

        await _rig.StartAsync(_rig.Spec(filters: ["a"]));

        await Eventually.TrueAsync(() => connection.IsClosed, "the broker read all that it sent");
        Assert.Contains(connection.Received, packet => packet.Type == 10);
        Assert.Equal([0, 5, 0x11, 0, 0, 0, 0], connection.Received.Single(packet => packet.Type == 14).Body);
    }

    [Fact]
    public async Task Apply_FailedPipeline_IsStartedAnewByAnEqualSpec()
    {
        await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.Become(SinkCondition.Stopped, "Too large.");
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Failed, "it failed");

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec(), None);

        Assert.Equal(ApplyOutcome.Restarted, result.Outcome);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs");
    }

    [Fact]
    public async Task Dispose_WhileAnApplyDrainsTheOldPipeline_StartsNoNewOne()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        var sink = _rig.Sinks.Last;
        sink.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => sink.Open == 1, "the record is with the sink");
        var applying = _rig.Supervisor.ApplyAsync(_rig.Spec(window: 50), None);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Draining, "the old one drains");

        var disposing = _rig.Supervisor.DisposeAsync();
        sink.Answer();
        await disposing;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => applying);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _rig.Supervisor.ApplyAsync(_rig.Spec(), None));
        await Eventually.TrueAsync(() => connection.IsClosed, "the broker read all that it sent");
        Assert.Equal([1], connection.Acknowledged);
        Assert.Equal(1, _rig.Broker.Accepted);
    }

    [Fact]
    public async Task Retire_KeepSessions_FinishesWhatIsOpenAndNothingNew()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        var retiring = _rig.Supervisor.RetireAsync("task-1", RetireMode.KeepSessions, None);
        await Eventually.TrueAsync(() => _rig.Supervisor.Find("task-1")?.Status == PipelineStatus.Draining, "it drains");
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients[0].Status == TaskClientStatus.Draining, "its client drains");
        await connection.PublishAsync(2, "two");
        _rig.Sinks.Last.Answer();
        var last = await retiring;

        Assert.Equal(new PipelineBooks(1, 1, 0, 0, 0, 0, 0, 0, 0), last!.Books);
        await Eventually.TrueAsync(() => connection.Acknowledged is [1], "the first is acknowledged and the second not");
        Assert.True(_rig.Sinks.Last.IsDisposed);
        Assert.Null(_rig.Supervisor.Find("task-1"));
    }

    [Theory]
    [InlineData(RetireMode.KeepSessions, false, "task-1-0 disconnected. Its task stops; the broker keeps its session.")]
    [InlineData(RetireMode.KeepSessions, true, "task-1-0 disconnected. Its task stops; the broker keeps no session of it.")]
    [InlineData(RetireMode.EndSessions, false, "task-1-0 disconnected. Its task needs it no more.")]
    [InlineData(RetireMode.Abandon, false, "task-1-0 disconnected. Its task stops at once; the broker sends again what was open.")]
    public async Task Retire_EndsItsSessions_IsToldAsAnOrderlyEnd(RetireMode mode, bool clean, string words)
    {
        await using var facts = _rig.Supervisor.WatchFactsAsync(None).GetAsyncEnumerator(None);
        // Watched from here on.
        var first = facts.MoveNextAsync().AsTask();
        var spec = _rig.Spec();
        await _rig.StartAsync(spec with { Source = spec.Source with { CleanSession = clean } });

        await _rig.Supervisor.RetireAsync("task-1", mode, None);

        await first;
        List<PipelineFact> told = [facts.Current];
        while (told[^1].Kind != PipelineFactKind.RunEnded)
        {
            await facts.MoveNextAsync();
            told.Add(facts.Current);
        }

        Assert.Contains(told, fact => (fact.Severity, fact.Text) == (FactSeverity.Info, words));
        Assert.DoesNotContain(told, fact => fact.Text.Contains("lost", StringComparison.Ordinal) || fact.Severity != FactSeverity.Info);
    }

    [Fact]
    public async Task EndSession_OpenDelivery_IsAcknowledgedBeforeTheSessionIsGivenUp()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        var ending = _rig.Supervisor.EndSessionAsync("task-1", "task-1-0", None);
        Assert.Equal("Its session is being deleted already.", await _rig.Supervisor.EndSessionAsync("task-1", "task-1-0", None));
        Assert.False(connection.GaveUpSessionOf("task-1-0"));
        _rig.Sinks.Last.Answer();

        Assert.Null(await ending);
        await Eventually.TrueAsync(() => connection.GaveUpSessionOf("task-1-0"), "the session is given up");
        Assert.Equal([1], connection.Acknowledged);
        await _rig.Broker.SubscribedAsync(2);
        Assert.Equal((1L, 0L), (_rig.Books.Delivered, _rig.Books.Abandoned));
    }

    [Fact]
    public async Task EndSession_KafkaAway_KeepsTheSessionAndSaysWhy()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
        _rig.Sinks.Last.Become(SinkCondition.Blocked, "Kafka has not answered.");

        var why = await _rig.Supervisor.EndSessionAsync("task-1", "task-1-0", None);

        Assert.Equal("1 deliveries were not answered by Kafka in time. It was disconnected, and its session is kept.", why);
        await _rig.Broker.SubscribedAsync(2);
        Assert.False(connection.GaveUpSessionOf("task-1-0"));
    }

    [Fact]
    public async Task EndSession_OfMqttThree_IsSeenAsConnectingUntilItIsOnlineAgain()
    {
        await _rig.StartAsync(_rig.Spec(MqttProtocol.V311));
        _rig.Broker.AnswersConnect = false;

        var ending = _rig.Supervisor.EndSessionAsync("task-1", "task-1-0", None);
        await Eventually.TrueAsync(() => _rig.Broker.All is [_, { Received.IsEmpty: false }], "it connects to drop the session");

        Assert.Equal((TaskClientStatus.Connecting, PipelineStatus.Recovering), (_rig.Snapshot.Clients[0].Status, _rig.Snapshot.Status));
        _rig.Broker.AnswersConnect = true;
        await _rig.Broker.All[1].SendAsync(0x20, 2, 0, 0);
        Assert.Null(await ending);
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients[0].Status == TaskClientStatus.Online, "it is online again");
        Assert.Equal((2, 0), (_rig.Broker.All[1].Received.First().Body[7] & 2, _rig.Broker.Last.Received.First().Body[7] & 2));
    }

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Retire_EndSessions_TakesInTheRestAndEndsTheSession(MqttProtocol protocol)
    {
        var connection = await _rig.StartAsync(_rig.Spec(protocol));

        var retiring = _rig.Supervisor.RetireAsync("task-1", RetireMode.EndSessions, None);
        await Eventually.TrueAsync(() => connection.Received.Any(packet => packet.Type == 10), "it unsubscribed");
        await connection.PublishAsync(9, "late");
        var last = await retiring;

        await Eventually.TrueAsync(() => connection.IsClosed, "the broker read all that it sent");
        Assert.Equal([9], connection.Acknowledged);
        Assert.Equal(1, last!.Books.Delivered);
        Assert.DoesNotContain(last.Warnings, warning => warning.Contains("still at the broker"));
        Assert.Equal(protocol == MqttProtocol.V5 ? 1 : 2, _rig.Broker.Accepted);
    }

    [Fact]
    public async Task Retire_UnsubscribeRefused_KeepsTheSessionAndSaysWhatIsOwed()
    {
        _rig.Broker.UnsubackCode = 0x87;
        var connection = await _rig.StartAsync(_rig.Spec());

        var last = await _rig.Supervisor.RetireAsync("task-1", RetireMode.EndSessions, None);

        Assert.Contains("refused to unsubscribe $share/g/a (0x87)", Assert.Single(last!.Warnings, warning => warning.Contains("still at the broker")));
        await Eventually.TrueAsync(() => connection.IsClosed, "the broker read all that it sent");
        Assert.Empty(connection.Received.Single(packet => packet.Type == 14).Body);
    }

    [Fact]
    public async Task Retire_UnknownId_ReturnsNull() =>
        Assert.Null(await _rig.Supervisor.RetireAsync("task-9", RetireMode.KeepSessions, None));

    [Fact]
    public async Task EndSessions_NoPipeline_DeliversWhatTheBrokerHeldAndSubscribesNothing()
    {
        var ending = _rig.Supervisor.EndSessionsAsync(_rig.Spec(), None);

        Assert.Null(await ending);
        Assert.Equal(1, _rig.Broker.Accepted);
        Assert.Equal(0, _rig.Broker.Subscribed);
    }

    [Fact]
    public async Task EndSessions_BrokerGone_SaysWhatIsOwed()
    {
        var spec = _rig.Spec();
        await _rig.Broker.DisposeAsync();

        var owed = await _rig.Supervisor.EndSessionsAsync(spec, None);

        Assert.Contains("task-1-0: its session is still at the broker", owed);
        Assert.Contains("connection refused", owed);
    }

    [Fact]
    public async Task Apply_OtherFiltersAndBrokerGone_SaysWhatTheOldPipelineOwes()
    {
        var spec = _rig.Spec();
        await _rig.StartAsync(spec);
        await _rig.Broker.DisposeAsync();
        var other = spec with { Source = spec.Source with { Group = spec.Source.Group with { Filters = ["other/#"] } } };

        var result = await _rig.Supervisor.ApplyAsync(other, None);

        Assert.Equal(ApplyOutcome.Restarted, result.Outcome);
        Assert.Contains("task-1-0: its session is still at the broker", Assert.Single(result.Owed));
    }

    [Fact]
    public async Task Disconnect_OnlineClient_ConnectsAgain()
    {
        await _rig.StartAsync(_rig.Spec());

        Assert.True(_rig.Supervisor.Disconnect("task-1", "task-1-0"));
        Assert.False(_rig.Supervisor.Disconnect("task-1", "task-1-5"));

        await _rig.Broker.SubscribedAsync(2);
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients[0].Reconnects == 1, "the reconnect is counted");
    }

    [Fact]
    public async Task Facts_ReaderThatFallsBehind_IsToldWhatItMissed()
    {
        var feed = new FactFeed(TimeProvider.System);
        await using var reader = feed.WatchAsync(None).GetAsyncEnumerator(None);
        var first = reader.MoveNextAsync();
        for (var i = 0; i < 3000; i++)
        {
            feed.Publish(new PipelineFact("p", DateTimeOffset.UnixEpoch, PipelineFactKind.Notice, FactSeverity.Info, $"{i}"));
        }

        await first;
        while (!reader.Current.Text.Contains("missed"))
        {
            await reader.MoveNextAsync();
        }

        Assert.Equal(FactSeverity.Warning, reader.Current.Severity);
    }

    [Fact]
    public async Task Dispose_Twice_IsSafe()
    {
        await _rig.StartAsync(_rig.Spec());

        await _rig.Supervisor.DisposeAsync();
        await _rig.Supervisor.DisposeAsync();

        Assert.True(_rig.Sinks.Last.IsDisposed);
    }
}
