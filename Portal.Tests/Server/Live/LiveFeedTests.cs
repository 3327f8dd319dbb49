using Microsoft.Extensions.Time.Testing;
using Portal.Engine.Pipelines;
using Portal.Server.Live;
using Portal.Tests.Fakes;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Live;

public sealed class LiveFeedTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakePipelineSupervisor _supervisor;
    private readonly LiveFeed _feed;

    public LiveFeedTests()
    {
        _supervisor = new FakePipelineSupervisor(_time);
        _feed = new LiveFeed(_supervisor, null!, _time);
    }

    public ValueTask DisposeAsync() => _supervisor.DisposeAsync();

    [Fact]
    public async Task WatchClients_RunningTask_BeginsWithTheEnginesPhoto()
    {
        await _supervisor.ApplyAsync(Drafts.Spec(Drafts.Valid with { Clients = 2 }), TestContext.Current.CancellationToken);
        using var watch = _feed.WatchClients(Drafts.Id);

        Assert.Equal([$"{Drafts.Id}-0", $"{Drafts.Id}-1"], watch.Initial.Clients.Select(client => client.ClientId));
    }

    [Fact]
    public void WatchClients_NoPipeline_HasNoClients()
    {
        using var watch = _feed.WatchClients(Drafts.Id);

        Assert.Empty(watch.Initial.Clients);
    }

    [Fact]
    public void Watched_AfterTheLastWatcherLeft_IsEmpty()
    {
        var one = _feed.WatchClients(Drafts.Id);
        var other = _feed.WatchClients(Drafts.Id);
        one.Dispose();
        Assert.Equal([Drafts.Id], _feed.Clients.Watched());
        other.Dispose();
        other.Dispose();

        Assert.Empty(_feed.Clients.Watched());
    }

    [Fact]
    public async Task SameAs_OnlyAListMadeAnew_IsTrue()
    {
        await _supervisor.ApplyAsync(Drafts.Spec(), TestContext.Current.CancellationToken);
        var photo = _supervisor.Find(Drafts.Id)!;
        var one = ClientTranslation.Of(Drafts.Id, photo);

        Assert.True(one.SameAs(ClientTranslation.Of(Drafts.Id, photo with { Clients = [.. photo.Clients.Select(Again)] })));
        Assert.False(one.SameAs(ClientTranslation.Of(Drafts.Id, photo with { Clients = [.. photo.Clients.Select(client => client with { ReceivedByQos = [0, 1, 0] })] })));

        static TaskClientSnapshot Again(TaskClientSnapshot client) => client with { ReceivedByQos = [.. client.ReceivedByQos] };
    }
}
