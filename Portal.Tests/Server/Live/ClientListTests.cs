using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Live;
using Portal.Tests.Server.ConnectorTasks;

namespace Portal.Tests.Server.Live;

public sealed class ClientListTests : IAsyncLifetime
{
    private TaskBench _bench = null!;
    private string _first = "";
    private string _second = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await TaskBench.StartAsync();
        _first = await _bench.CreateAsync(Drafts.Valid with { Name = "first", Clients = 2 });
        _second = await _bench.CreateAsync(Drafts.Valid with { Name = "second", ConnectionId = "resource-bbbbbbbb" });
        _bench.Supervisor.Show(_first, photo => photo with { Clients = [Client("portal-a-1"), Client("portal-a-2", TaskClientStatus.Waiting)] });
        _bench.Supervisor.Show(_second, photo => photo with { Clients = [Client("portal-b-1") with { ReceivedPerSecond = 7 }] });
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task List_OwnOrder_ShowsWhatIsNotOnlineFirstWithItsTaskAndConnection()
    {
        var page = await ListAsync(new ListQuery());

        Assert.Equal(["portal-a-2", "portal-a-1", "portal-b-1"], Ids(page).Take(1).Concat(Ids(page).Skip(1).Order()));
        Assert.Equal((3, 2, 1), (page.Total, page.Counts["Online"], page.Counts["Waiting"]));
        var line = page.Items.Single(item => item.Client.ClientId == "portal-b-1");
        Assert.Equal((_second, "second", "resource-bbbbbbbb", "gz-test", "gz"), (line.TaskId, line.TaskName, line.ConnectionId, line.ConnectionName, line.Region));
    }

    [Fact]
    public async Task List_Filters_NarrowIt()
    {
        Assert.Equal(["portal-a-2"], Ids(await ListAsync(new ListQuery { Status = ["waiting"] })));
        Assert.Equal(["portal-b-1"], Ids(await ListAsync(new ListQuery { ConnectionId = "resource-bbbbbbbb" })));
        Assert.Equal(2, (await ListAsync(new ListQuery { TaskId = _first })).Total);
        Assert.Equal(["portal-a-1"], Ids(await ListAsync(new ListQuery { Search = "A-1" })));
        Assert.Empty((await ListAsync(new ListQuery { Region = "sh" })).Items);
    }

    [Fact]
    public async Task List_IdUserAddressAndTimeOfItsSession_NarrowIt()
    {
        var now = _bench.Time.GetUtcNow();
        _bench.Supervisor.Show(_first, photo => photo with
        {
            Clients =
            [
                Client("portal-a-1") with { LocalAddress = "10.0.4.7:50123", ConnectedAt = now.AddMinutes(-90) },
                Client("portal-a-11") with { LocalAddress = "10.0.40.7:50123", ConnectedAt = now.AddMinutes(-10) },
                Client("portal-a-2", TaskClientStatus.Waiting) with { ConnectedAt = now.AddMinutes(-5) },
            ],
        });

        Assert.Equal(["portal-a-1"], Ids(await ListAsync(new ListQuery { ClientId = "portal-a-1" })));
        Assert.Equal(["portal-a-1"], Ids(await ListAsync(new ListQuery { Address = "10.0.4." })));
        Assert.Equal(["portal-a-11"], Ids(await ListAsync(new ListQuery { Age = "1h" })));
        Assert.Equal(["portal-a-1"], Ids(await ListAsync(new ListQuery { From = now.AddHours(-2), To = now.AddHours(-1) })));
        var users = (await ListAsync(new ListQuery())).Items.Select(line => line.UserName).Distinct().ToList();
        Assert.Equal(4, (await ListAsync(new ListQuery { UserName = Assert.Single(users) })).Total);
        Assert.Empty((await ListAsync(new ListQuery { UserName = "nobody" })).Items);
    }

    [Fact]
    public async Task All_IsEveryPageInOrder_AndSelectTakesClientIds()
    {
        var list = _bench.Get<ClientList>();

        Assert.Equal(["portal-b-1", "portal-a-2", "portal-a-1"], (await list.AllAsync(new ListQuery { Sort = "-client", Size = 20, Page = 7 }, Token)).Select(line => line.Client.ClientId));
        Assert.Equal(["portal-a-2"], (await list.SelectAsync(BulkSelection.Of(["portal-a-2", "gone"]), Token)).Select(line => line.Client.ClientId));
        Assert.Equal(["portal-a-2"], (await list.SelectAsync(BulkSelection.Matching(new ListQuery { Status = ["Waiting"] }), Token)).Select(line => line.Client.ClientId));
    }

    [Fact]
    public async Task List_EveryColumn_OrdersBothWays()
    {
        foreach (var column in ListColumns.Clients)
        {
            Assert.Equal(3, (await ListAsync(new ListQuery { Sort = column })).Items.Count);
            Assert.Equal(3, (await ListAsync(new ListQuery { Sort = $"-{column}" })).Items.Count);
        }

        Assert.Equal("portal-b-1", Ids(await ListAsync(new ListQuery { Sort = "-rate" })).First());
    }

    private static TaskClientSnapshot Client(string id, TaskClientStatus status = TaskClientStatus.Online) =>
        new() { ClientId = id, Index = 0, Status = status, ReceivedByQos = [0, 0, 0] };

    private static IEnumerable<string> Ids(ListPage<ClientLine> page) => page.Items.Select(line => line.Client.ClientId);

    private Task<ListPage<ClientLine>> ListAsync(ListQuery query) => _bench.Get<IClientService>().ListAsync(query, Token);
}
