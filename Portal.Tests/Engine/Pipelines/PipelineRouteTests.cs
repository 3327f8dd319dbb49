using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Pipelines;

/// <summary>One message from PUBLISH to PUBACK, and everything that can come between.</summary>
public sealed class PipelineRouteTests : IAsyncDisposable
{
    private readonly EngineRig _rig = new(answersAtOnce: false);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(MqttProtocol.V5)]
    [InlineData(MqttProtocol.V311)]
    public async Task Puback_KafkaHasNotAnswered_DoesNotLeave(MqttProtocol protocol)
    {
        var connection = await _rig.StartAsync(_rig.Spec(protocol));
        var sink = _rig.Sinks.Last;

        await connection.PublishAsync(1, "one");
        await connection.PublishAsync(2, "two");
        await Eventually.TrueAsync(() => sink.Open == 2, "both records are with the sink");
        Assert.Empty(connection.Acknowledged);

        sink.Answer(newestFirst: true);
        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 2, "both are acknowledged");
        Assert.Equal([1, 2], connection.Acknowledged);
        Assert.Equal(["one", "two"], sink.Values);
        Assert.Equal(PipelineStatus.Running, _rig.Snapshot.Status);
    }

    [Fact]
    public async Task Packets_SplitAtEveryByte_AreReadTheSame()
    {
        var connection = await _rig.StartAsync(_rig.Spec());

        foreach (var one in new byte[] { 0x32, 8, 0, 1, (byte)'a', 0, 9, 0, (byte)'h', (byte)'i', 0x30, 5, 0, 1, (byte)'a', 0, (byte)'x' })
        {
            await connection.SendAsync(one);
            await Task.Yield();
        }

        await Eventually.TrueAsync(() => _rig.Sinks.Last.Values.Count == 2, "both arrived");
        Assert.Equal(["hi", "x"], _rig.Sinks.Last.Values);
    }

    [Fact]
    public async Task Publish_OpenPacketIdAgain_IsDroppedAndCounted()
    {
        var connection = await _rig.StartAsync(_rig.Spec());

        await connection.PublishAsync(7, "one");
        await connection.PublishAsync(7, "one", duplicate: true);
        await Eventually.TrueAsync(() => _rig.Books.Twins == 1, "the twin is counted");
        _rig.Sinks.Last.Answer();

        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 1, "the first is acknowledged");
        Assert.Single(_rig.Sinks.Last.Values);
    }

    [Fact]
    public async Task Session_LostWithOpenDeliveries_IsAbandonedAndALateAnswerChangesNothing()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        connection.Drop();
        await _rig.Broker.SubscribedAsync(2);
        var books = _rig.Books;
        _rig.Sinks.Last.Answer();
        await _rig.Broker.Last.PublishAsync(1, "one", duplicate: true);
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the broker sent it again");
        _rig.Sinks.Last.Answer();
        await Eventually.TrueAsync(() => _rig.Broker.Last.Acknowledged.Count == 1, "the second is acknowledged");

        Assert.Equal(1, books.Abandoned);
        Assert.Equal(new PipelineBooks(2, 1, 0, 0, 0, 0, 1, 0, 0), _rig.Books);
        Assert.Equal("The broker closed the connection without a reason.", _rig.Snapshot.Clients[0].LastError);
    }

    [Fact]
    public async Task Window_BrokerIgnoresIt_HoldsReadingWithoutLoss()
    {
        var connection = await _rig.StartAsync(_rig.Spec(window: 5));
        var sink = _rig.Sinks.Last;

        for (ushort id = 1; id <= 20; id++)
        {
            await connection.PublishAsync(id, $"{id}");
        }

        await Eventually.TrueAsync(() => sink.Open == 5, "the window is full");
        Assert.Equal(5, _rig.Books.Open);
        for (var answered = 0; answered < 20;)
        {
            var open = sink.Open;
            sink.Answer(open);
            answered += open;
            await Task.Yield();
        }

        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 20, "all are acknowledged");
        Assert.Equal(Enumerable.Range(1, 20), connection.Acknowledged);
    }

    [Fact]
    public async Task QosZero_FullWindow_IsDroppedAndCountedAfterTheWait()
    {
        var connection = await _rig.StartAsync(_rig.Spec(window: 2, qos: 0));

        for (var i = 0; i < 5; i++)
        {
            await connection.PublishAsync(0, $"{i}", qos: 0);
        }

        await Eventually.TrueAsync(() => _rig.Books.Discarded == 3, "three are dropped");
        Assert.Equal(0, _rig.Books.Unaccounted);
        Assert.Equal(3, _rig.Snapshot.Discards.Single().Count);
    }

    [Fact]
    public async Task QosTwo_KafkaConfirmed_ShakesHandsAndRecognisesAResend()
    {
        var connection = await _rig.StartAsync(_rig.Spec(qos: 2));
        await connection.PublishAsync(3, "two", qos: 2);
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
        Assert.DoesNotContain(connection.Received, packet => packet.Type == 5);

        _rig.Sinks.Last.Answer();
        await Eventually.TrueAsync(() => connection.Received.Any(packet => packet.Type == 5), "PUBREC left");
        await connection.PublishAsync(3, "two", qos: 2, duplicate: true);
        await Eventually.TrueAsync(() => connection.Received.Count(packet => packet.Type == 5) == 2, "PUBREC left again");
        await connection.SendAsync(0x62, 2, 0, 3);

        await Eventually.TrueAsync(() => connection.Received.Any(packet => packet.Type == 7), "PUBCOMP left");
        Assert.Equal(2, connection.Received.Single(packet => packet.Type == 7).Body.Length);
        Assert.Single(_rig.Sinks.Last.Values);
    }

    [Fact]
    public async Task QosTwo_NewMessageWithAnAnsweredIdAfterAResume_IsTakenIn()
    {
        _rig.Broker.SessionPresent = true;
        var connection = await _rig.StartAsync(_rig.Spec(qos: 2));
        await connection.PublishAsync(3, "old", qos: 2);
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
        _rig.Sinks.Last.Answer();
        await Eventually.TrueAsync(() => connection.Received.Any(packet => packet.Type == 5), "PUBREC left");
        connection.Drop();
        await _rig.Broker.SubscribedAsync(2);

        await _rig.Broker.Last.PublishAsync(3, "new", qos: 2);

        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the new record is with the sink");
        Assert.Equal(["old", "new"], _rig.Sinks.Last.Values);
    }

    [Fact]
    public async Task Filter_ExcludesTheMessage_IsAcknowledgedAndCounted()
    {
        var connection = await _rig.StartAsync(_rig.Spec() with { Filter = "payload.t > 5" });

        await connection.PublishAsync(1, """{"t":1}""");
        await connection.PublishAsync(2, """{"t":9}""");
        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 1, "the filtered one is acknowledged");
        _rig.Sinks.Last.Answer();
        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 2, "the other one too");

        Assert.Equal(1, _rig.Books.Filtered);
        Assert.Equal("""{"t":9}""", _rig.Sinks.Last.Values.Single());
    }

    [Fact]
    public async Task Sink_QueueFull_IsWaitedFor()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.Result = SendResult.QueueFull;
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Books.Open == 1, "the message is open");

        _rig.Sinks.Last.Result = SendResult.Taken;

        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
        Assert.Equal(1, _rig.Books.Received);
    }

    [Fact]
    public async Task Sink_Blocked_NothingIsHandedOverAndExpiryIsHonoured()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        var sink = _rig.Sinks.Last;
        sink.Become(SinkCondition.Blocked, "Kafka does not answer.");
        await connection.PublishAsync(1, "short", properties: [2, 0, 0, 0, 0]);
        await connection.PublishAsync(2, "long", properties: [2, 0, 0, 0, 60]);
        await Eventually.TrueAsync(() => _rig.Books.Open == 1, "the first is open");
        Assert.Empty(sink.Values);
        Assert.Equal((PipelineStatus.Blocked, "Kafka does not answer."), (_rig.Snapshot.Status, _rig.Snapshot.Cause));

        sink.Become(SinkCondition.Ready);
        await Eventually.TrueAsync(() => sink.Open == 1, "the second is with the sink");
        sink.Answer();

        await Eventually.TrueAsync(() => connection.Acknowledged.Count == 2, "both are acknowledged");
        Assert.Equal(["long"], sink.Values);
        Assert.Equal(1, _rig.Books.Expired);
        Assert.Equal(PipelineStatus.Running, _rig.Snapshot.Status);
    }

    [Fact]
    public async Task Sink_TriesAgainByItself_IsShownAndCanBeHurried()
    {
        await _rig.StartAsync(_rig.Spec());
        var sink = _rig.Sinks.Last;
        sink.Become(SinkCondition.Refused, "The topic 't' does not exist in Kafka.");
        Assert.Equal((0, null, false), (_rig.Snapshot.Attempt, _rig.Snapshot.NextAttemptAt, _rig.Supervisor.TryNow("task-1")));

        sink.Plan(3, DateTimeOffset.UnixEpoch.AddSeconds(5));

        Assert.Equal((PipelineStatus.Blocked, 3, DateTimeOffset.UnixEpoch.AddSeconds(5)), (_rig.Snapshot.Status, _rig.Snapshot.Attempt, _rig.Snapshot.NextAttemptAt));
        Assert.True(_rig.Supervisor.TryNow("task-1"));
        Assert.False(_rig.Supervisor.TryNow("task-1"));
    }

    [Fact]
    public async Task Retire_BrokerGoesOnSending_ReadsItAwayUnacknowledgedAndResetsNothing()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        var retired = _rig.Supervisor.RetireAsync("task-1", RetireMode.KeepSessions, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Draining, "it drains");
        for (var id = 2; id <= 1000; id++)
        {
            await connection.PublishAsync((ushort)id, "later");
        }

        _rig.Sinks.Last.Answer();
        var last = await retired;
        await Eventually.TrueAsync(() => connection.IsClosed, "the broker saw the end");

        Assert.Equal([1], connection.Acknowledged);
        Assert.Equal(14, connection.Received.Last().Type);
        Assert.False(connection.WasReset);
        Assert.Equal((1, 1, 0, 0L), (last!.Books.Received, last.Books.Delivered, last.Books.Abandoned, last.Books.Unaccounted));
        Assert.Equal(["one"], _rig.Sinks.Last.Values);
    }

    [Fact]
    public async Task Disconnect_BlockedWithMessagesInHand_ClosesInOrderAndAbandonsThem()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.Become(SinkCondition.Blocked, "Kafka does not answer.");
        await connection.PublishAsync(1, "one");
        await connection.PublishAsync(2, "two");
        await Eventually.TrueAsync(() => _rig.Books.Open == 1, "the first is held");

        Assert.True(_rig.Supervisor.Disconnect("task-1", "task-1-0"));
        await _rig.Broker.SubscribedAsync(2);

        Assert.Equal(14, connection.Received.Last().Type);
        Assert.Empty(connection.Acknowledged);
        Assert.Equal((1L, 0L), (_rig.Books.Abandoned, _rig.Books.Unaccounted));
    }

    [Fact]
    public async Task Sink_Lost_AbandonsRenewsAndReconnects()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        _rig.Sinks.Last.Become(SinkCondition.Lost, "The topic is gone.");
        await _rig.Broker.SubscribedAsync(2);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs again");

        Assert.Equal(1, _rig.Sinks.Last.Renewed);
        Assert.Equal(1, _rig.Books.Abandoned);
        Assert.Empty(connection.Acknowledged);
    }

    [Fact]
    public async Task Sink_LostAgainWhileItRecovers_IsRenewedAgain()
    {
        await _rig.StartAsync(_rig.Spec());
        var sink = _rig.Sinks.Last;
        sink.StillbornRenewals = 2;

        sink.Become(SinkCondition.Lost, "The topic is gone.");
        await _rig.Broker.SubscribedAsync(2);
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs again");

        Assert.Equal(3, sink.Renewed);
    }

    [Fact]
    public async Task Sink_LostWhileARecoveryEnds_IsFoundAtTheNextBeat()
    {
        await _rig.StartAsync(_rig.Spec());

        _rig.Sinks.Last.BecomeUntold(SinkCondition.Lost, "The topic is gone.");
        await _rig.Broker.SubscribedAsync(2);

        Assert.Equal(1, _rig.Sinks.Last.Renewed);
    }

    [Fact]
    public async Task Sink_ReadyOverwrittenByAStaleBlocked_IsOpenedAtTheNextBeat()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.Become(SinkCondition.Blocked, "Kafka does not answer.");
        _rig.Sinks.Last.BecomeUntold(SinkCondition.Ready);

        await connection.PublishAsync(1, "one");

        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
    }

    [Fact]
    public async Task Sink_FromSilentToRefused_IsNewsOfItsOwn()
    {
        await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.Become(SinkCondition.Blocked, "Kafka does not answer.");
        var since = _rig.Snapshot.Since;
        await Task.Delay(20, TestContext.Current.CancellationToken);

        _rig.Sinks.Last.Become(SinkCondition.Refused, "Kafka does not let the task sign in.");

        Assert.Equal((PipelineStatus.Blocked, true), (_rig.Snapshot.Status, _rig.Snapshot.NeedsYou));
        Assert.True(_rig.Snapshot.Since > since, "since when a person is needed");
    }

    [Fact]
    public async Task Standstill_AllIsWithKafka_WarnsAndKeepsTheSession()
    {
        var connection = await _rig.StartAsync(Impatient());
        _rig.Sinks.Last.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");

        await Eventually.TrueAsync(() => _rig.Snapshot.Warnings.Any(warning => warning.Contains("has been open", StringComparison.Ordinal)), "it warns");

        Assert.Equal((1, PipelineStatus.Running), (_rig.Broker.Accepted, _rig.Snapshot.Status));
        _rig.Sinks.Last.Answer();
        await Eventually.TrueAsync(() => _rig.Snapshot.Warnings.Count == 0, "the warning is gone");
        await Eventually.TrueAsync(() => connection.Acknowledged is [1], "it is acknowledged");
        Assert.Equal(1, _rig.Broker.Accepted);
    }

    [Fact]
    public async Task Standstill_LostBetweenTheParts_BeginsANewSession()
    {
        var connection = await _rig.StartAsync(Impatient());
        _rig.Sinks.Last.AnswersAtOnce = false;
        await connection.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        _rig.Sinks.Last.Forget();

        await _rig.Broker.SubscribedAsync(2);
        await Eventually.TrueAsync(() => _rig.Books.Abandoned == 1, "it is left to the broker");
    }

    private PipelineSpec Impatient()
    {
        var spec = _rig.Spec();
        return spec with { Delivery = spec.Delivery with { StandstillLimit = TimeSpan.FromSeconds(2) } };
    }

    [Fact]
    public async Task Sink_Stopped_FailsThePipelineAndKeepsTheMessageAtTheBroker()
    {
        var connection = await _rig.StartAsync(_rig.Spec());
        await connection.PublishAsync(1, "poison");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");

        _rig.Sinks.Last.Become(SinkCondition.Stopped, "Message too large.");

        await Eventually.TrueAsync(() => connection.IsClosed, "the session is closed");
        Assert.Equal((PipelineStatus.Failed, "Message too large.", true), (_rig.Snapshot.Status, _rig.Snapshot.Cause, _rig.Snapshot.NeedsYou));
        Assert.Empty(connection.Acknowledged);
        Assert.Equal(0, _rig.Books.Unaccounted);
    }

    [Fact]
    public async Task Sink_BrokerKeepsFewInFlight_IsHurried()
    {
        var connection = await _rig.StartAsync(_rig.Spec(window: 100));
        ushort id = 0;
        for (var round = 0; round < 6; round++)
        {
            await connection.SendAsync([0x32, 6, 0, 1, (byte)'a', 0, (byte)++id, 0, 0x32, 6, 0, 1, (byte)'a', 0, (byte)++id, 0]);
            await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 2, "both are with the sink");
            _rig.Sinks.Last.Answer();
            await Eventually.TrueAsync(() => _rig.Books.Open == 0, "both are acknowledged");
        }

        Assert.True(_rig.Sinks.Last.Hurried > 0);
    }
}
