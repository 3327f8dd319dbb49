using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Server.Data;
using Portal.Server.Live;
using Portal.Server.Live.Roster;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Live;

public sealed class WatchBacklogTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Take_SessionsOfATask_AreSummedWithWhatTheyMayKeep()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Clients = 2 });
        var other = await _bench.CreateAsync(Drafts.Valid with { Name = "other" });
        var watch = new WatchBacklog(
            _bench.Get<IDbContextFactory<PortalDb>>(), null!, _bench.Get<TaskRoster>(), _bench.Time, NullLogger<WatchBacklog>.Instance);

        watch.Take(new HashSet<string> { id }, new Dictionary<string, long> { [$"{id}-0"] = 30, [$"{id}-1"] = 12, ["somebody"] = 7, [$"{other}-0"] = 9 }, most: 1000);

        Assert.Equal((42, 2000), (_bench.Live(id).Backlog, _bench.Live(id).BacklogLimit));
        Assert.Null(_bench.Live(other).Backlog);

        watch.Take(new HashSet<string> { id }, new Dictionary<string, long>(), most: 1000);
        Assert.Null(_bench.Live(id).Backlog);
    }
}
