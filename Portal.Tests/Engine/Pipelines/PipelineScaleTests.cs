using Portal.Engine.Pipelines;
using Portal.Engine.Sinks;
using Portal.Tests.Fakes;

namespace Portal.Tests.Engine.Pipelines;

/// <summary>More and fewer clients while the pipeline runs.</summary>
public sealed class PipelineScaleTests : IAsyncDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly EngineRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Apply_MoreClients_JoinWithoutTouchingTheOthers()
    {
        var first = await _rig.StartAsync(_rig.Spec());
        var run = _rig.Snapshot.RunId;

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec(clients: 3), None);
        await _rig.Broker.SubscribedAsync(3);
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients.Count(client => client.Status == TaskClientStatus.Online) == 3, "all are online");
        await first.PublishAsync(1, "one");
        await _rig.Broker.Last.PublishAsync(1, "two");

        await Eventually.TrueAsync(() => _rig.Books.Delivered == 2, "both are delivered");
        Assert.Equal((ApplyOutcome.Scaled, run, 300), (result.Outcome, _rig.Snapshot.RunId, _rig.Snapshot.Window));
        Assert.False(first.IsClosed);
        Assert.Equal(["task-1-0", "task-1-1", "task-1-2"], _rig.Snapshot.Clients.Select(client => client.ClientId));
    }

    [Fact]
    public async Task Apply_FewerClients_DrainsThoseThatLeaveAndKeepsTheirBooks()
    {
        await _rig.StartAsync(_rig.Spec(clients: 2));
        var run = _rig.Snapshot.RunId;
        _rig.Sinks.Last.AnswersAtOnce = false;
        await _rig.Broker.Last.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
        var leaver = _rig.Snapshot.Clients.Single(client => client.InFlight == 1);
        var stays = 1 - leaver.Index;
        var leaving = _rig.Broker.Last;

        var scaling = _rig.Supervisor.ApplyAsync(_rig.Spec() with { Clients = [stays] }, None);
        await Eventually.TrueAsync(() => leaving.Received.Any(packet => packet.Type == 10), "it unsubscribed");
        Assert.Equal(PipelineStatus.Running, _rig.Snapshot.Status);
        Assert.Equal(TaskClientStatus.Draining, _rig.Snapshot.Clients.Single(client => client.Index == leaver.Index).Status);
        await leaving.PublishAsync(2, "late");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 2, "the late one is with the sink");
        _rig.Sinks.Last.Answer();
        var result = await scaling;

        Assert.Equal((ApplyOutcome.Scaled, 0), (result.Outcome, result.Owed.Count));
        await Eventually.TrueAsync(() => leaving.IsClosed, "the broker read all that it sent");
        Assert.Equal([1, 2], leaving.Acknowledged);
        Assert.Equal([0, 5, 0x11, 0, 0, 0, 0], leaving.Received.Single(packet => packet.Type == 14).Body);
        Assert.Equal(new PipelineBooks(2, 2, 0, 0, 0, 0, 0, 0, 0), _rig.Books);
        Assert.Equal((run, stays, 2), (_rig.Snapshot.RunId, Assert.Single(_rig.Snapshot.Clients).Index, _rig.Broker.Accepted));
    }

    [Fact]
    public async Task Apply_FewerClientsAfterAFailure_EndsTheSessionsThatTheFailureLeft()
    {
        await _rig.StartAsync(_rig.Spec(clients: 2));
        _rig.Sinks.Last.Become(SinkCondition.Stopped, "Too large.");
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Failed, "it failed");

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec(), None);

        Assert.Equal((ApplyOutcome.Restarted, 0), (result.Outcome, result.Owed.Count));
        await Eventually.TrueAsync(() => _rig.Broker.All.Any(connection => connection.GaveUpSessionOf("task-1-1")), "the broker was told");
        Assert.DoesNotContain(_rig.Broker.All, connection => connection.GaveUpSessionOf("task-1-0"));
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Running, "it runs");
    }

    [Fact]
    public async Task EndSessions_AfterAFailureAndTheBrokerRefuses_SaysWhatIsOwed()
    {
        await _rig.StartAsync(_rig.Spec());
        _rig.Sinks.Last.Become(SinkCondition.Stopped, "Too large.");
        await Eventually.TrueAsync(() => _rig.Snapshot.Status == PipelineStatus.Failed, "it failed");
        _rig.Broker.ConnackCode = 0x87;

        Assert.Contains("task-1-0", await _rig.Supervisor.EndSessionsAsync(_rig.Spec(), None), StringComparison.Ordinal);
        Assert.Null(_rig.Supervisor.Find("task-1"));
    }

    [Fact]
    public async Task Apply_FewerAndThenMoreClients_TheOldReportsMeetNobody()
    {
        await _rig.StartAsync(_rig.Spec(clients: 2));
        await _rig.Supervisor.ApplyAsync(_rig.Spec(clients: 1), None);
        await _rig.Supervisor.ApplyAsync(_rig.Spec(clients: 2), None);
        await _rig.Broker.SubscribedAsync(3);

        await _rig.Broker.Last.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Books.Delivered == 1, "the new client delivers");

        await Eventually.TrueAsync(() => _rig.Broker.Last.Acknowledged is [1], "it is acknowledged");
        Assert.Equal(0, _rig.Books.Unaccounted);
    }

    [Fact]
    public async Task Apply_FewerClientsAndTheBrokerRefusesToUnsubscribe_SaysWhatIsOwed()
    {
        await _rig.StartAsync(_rig.Spec(clients: 2));
        _rig.Broker.UnsubackCode = 0x87;

        var result = await _rig.Supervisor.ApplyAsync(_rig.Spec(), None);

        Assert.Contains("task-1-1: its session is still at the broker", Assert.Single(result.Owed));
        Assert.Equal(PipelineStatus.Running, _rig.Snapshot.Status);
    }

    [Fact]
    public async Task Retire_WhileAClientLeaves_EndsBoth()
    {
        await _rig.StartAsync(_rig.Spec(clients: 2));
        _rig.Sinks.Last.AnswersAtOnce = false;
        await _rig.Broker.Last.PublishAsync(1, "one");
        await Eventually.TrueAsync(() => _rig.Sinks.Last.Open == 1, "the record is with the sink");
        var scaling = _rig.Supervisor.ApplyAsync(_rig.Spec() with { Clients = [1 - _rig.Snapshot.Clients.Single(client => client.InFlight == 1).Index] }, None);
        await Eventually.TrueAsync(() => _rig.Snapshot.Clients.Any(client => client.Status == TaskClientStatus.Draining), "it leaves");

        var disposing = _rig.Supervisor.DisposeAsync();
        _rig.Sinks.Last.Answer();
        await disposing;
        await scaling;

        Assert.True(_rig.Sinks.Last.IsDisposed);
    }
}
