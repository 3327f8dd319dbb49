using System.Diagnostics;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data.Entities;

namespace Portal.Tests.Server.ConnectorTasks;

public sealed class TaskListTests : IAsyncLifetime
{
    private TaskBench _bench = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TaskBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task List_OwnOrder_IsByAttentionThenByTheLatestChange()
    {
        await RunAsync("runs-1");
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await RunAsync("runs-2");
        await _bench.CreateAsync(Drafts.Valid with { Name = "paused" }, paused: true);
        await RunAsync("degraded", PipelineStatus.Degraded);
        await RunAsync("failed", PipelineStatus.Failed);
        await RunAsync("blocked", PipelineStatus.Blocked);

        Assert.Equal(["failed", "blocked", "degraded", "runs-2", "runs-1", "paused"], await NamesAsync(new ListQuery()));
    }

    [Theory]
    [InlineData("LINE", "line-1", "line-2", "Offline")]
    [InlineData("e-1 LI", "line-1")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("line-", "line-1", "line-2")]
    public async Task List_Search_FindsEveryWordInNameOrId(string search, params string[] expected)
    {
        foreach (var name in new[] { "line-1", "line-2", "Offline", "other" })
        {
            await _bench.CreateAsync(Drafts.Valid with { Name = name }, paused: true);
        }

        Assert.Equal(expected.Order(), (await NamesAsync(new ListQuery { Search = search })).Order());
    }

    [Fact]
    public async Task List_ById_FindsTheTask()
    {
        await _bench.CreateAsync(paused: true);
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = "other" }, paused: true);

        Assert.Equal(["other"], await NamesAsync(new ListQuery { Search = id[5..].ToUpperInvariant() }));
    }

    [Fact]
    public async Task List_LastError_IsTheNewestWarningOrErrorOfEachTask()
    {
        var calm = await _bench.CreateAsync(Drafts.Valid with { Name = "calm" }, paused: true);
        var hurt = await _bench.CreateAsync(Drafts.Valid with { Name = "hurt" }, paused: true);
        await _bench.WriteAsync(db => db.AddRange(
            Line(hurt, EventSeverity.Error, "older"), Line(hurt, EventSeverity.Warning, "newer"), Line(hurt, EventSeverity.Info, "all is well"), Line(calm, EventSeverity.Info, "fine")));

        var page = await _bench.Tasks.ListAsync(new ListQuery { Sort = "name" }, Token);

        Assert.Equal([null, "newer"], page.Items.Select(task => task.LastError?.Text));
        Assert.Equal("newer", (await _bench.Tasks.FindAsync(hurt, Token))!.LastError!.Text);

        static TaskEventRow Line(string task, EventSeverity severity, string text) =>
            new() { TaskId = task, At = DateTimeOffset.UnixEpoch, Kind = "Status", Severity = severity, Text = text };
    }

    [Fact]
    public async Task List_StatusFilter_CountsUnderTheOtherFilters()
    {
        await RunAsync("line-1");
        await RunAsync("line-2", PipelineStatus.Failed);
        await RunAsync("other");
        var page = await _bench.Tasks.ListAsync(new ListQuery { Search = "line", Status = ["failed"] }, Token);

        Assert.Equal(["line-2"], page.Items.Select(task => task.Settings.Name));
        Assert.Equal((1, 1, 1), (page.Total, page.Counts["Failed"], page.Counts["Running"]));
    }

    [Fact]
    public async Task List_RegionAndConnection_NarrowIt()
    {
        await _bench.CreateAsync(Drafts.Valid with { Name = "a" }, paused: true);
        await _bench.CreateAsync(Drafts.Valid with { Name = "b", ConnectionId = "resource-bbbbbbbb" }, paused: true);

        Assert.Equal(["b"], await NamesAsync(new ListQuery { ConnectionId = "resource-bbbbbbbb" }));
        Assert.Equal(2, (await NamesAsync(new ListQuery { Region = "gz" })).Count);
        Assert.Empty(await NamesAsync(new ListQuery { Region = "sh" }));
    }

    [Fact]
    public async Task List_KafkaInstance_NarrowsIt()
    {
        await _bench.CreateAsync(Drafts.Valid with { Name = "near" }, paused: true);

        Assert.Equal(["near"], await NamesAsync(new ListQuery { KafkaInstanceId = Drafts.Valid.KafkaInstanceId }));
        Assert.Empty(await NamesAsync(new ListQuery { KafkaInstanceId = "ckafka-ssssssss" }));
    }

    [Fact]
    public async Task List_EveryColumn_OrdersBothWays()
    {
        await RunAsync("a", PipelineStatus.Degraded);
        await RunAsync("b");
        await _bench.CreateAsync(Drafts.Valid with { Name = "c" }, paused: true);

        foreach (var column in ListColumns.Tasks)
        {
            var up = await NamesAsync(new ListQuery { Sort = column });
            var down = await NamesAsync(new ListQuery { Sort = $"-{column}" });
            Assert.Equal(["a", "b", "c"], up.Order());
            Assert.Equal(["a", "b", "c"], down.Order());
        }

        Assert.Equal(["c", "b", "a"], await NamesAsync(new ListQuery { Sort = "-name" }));
        Assert.Equal("c", (await NamesAsync(new ListQuery { Sort = "clients" }))[0]);
    }

    [Fact]
    public async Task List_TenThousandTasks_PagesThroughAllOfThemOnce()
    {
        await _bench.WriteAsync(db => db.AddRange(Enumerable.Range(0, 10_000).Select(number => new ConnectorTask
        {
            Id = $"task-{number:x8}",
            Name = $"line-{number}",
            ConnectionId = Drafts.Valid.ConnectionId,
            KafkaInstanceId = Drafts.Valid.KafkaInstanceId,
            Settings = Drafts.Valid with { Name = $"line-{number}" },
            Asked = AskedState.Paused,
            CreatedBy = "t",
        })));
        await _bench.Hosted<LoadTasks>().StartAsync(Token);
        var seen = new HashSet<string>();
        var slowest = TimeSpan.Zero;
        for (var page = 1; page <= 100; page++)
        {
            var began = Stopwatch.GetTimestamp();
            var result = await _bench.Tasks.ListAsync(new ListQuery { Page = page, Size = 100, Sort = "-name" }, Token);
            slowest = page > 5 && Stopwatch.GetElapsedTime(began) > slowest ? Stopwatch.GetElapsedTime(began) : slowest;
            Assert.Equal(10_000, result.Total);
            Assert.Equal(10_000, result.Counts["Paused"]);
            seen.UnionWith(result.Items.Select(task => task.Id));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"slowest page of 100 in 10 000: {slowest.TotalMilliseconds:0} ms");
        Assert.Equal(10_000, seen.Count);
    }

    private async Task RunAsync(string name, PipelineStatus status = PipelineStatus.Running)
    {
        _bench.Supervisor.StatusAfterStart = status;
        await _bench.CreateAsync(Drafts.Valid with { Name = name });
    }

    [Fact]
    public async Task List_ReadBefore_ShowsWhatAnySaveChangedSince()
    {
        var id = await _bench.CreateAsync(Drafts.Valid with { Name = "one" });
        Assert.Equal(["one"], await NamesAsync(new ListQuery { Region = "gz" }));

        await _bench.CreateAsync(Drafts.Valid with { Name = "two" });
        Assert.Equal(["one", "two"], await NamesAsync(new ListQuery { Sort = "name" }));
        await _bench.WriteAsync(db => db.MqttClusters.Find("mqtt-aaaaaaaa")!.Region = "sh");
        Assert.Empty(await NamesAsync(new ListQuery { Region = "gz" }));
        await _bench.WriteAsync(db => db.ConnectorTasks.Find(id)!.Name = "uno");
        Assert.Equal(["two"], await NamesAsync(new ListQuery { Search = "two" }));
        Assert.Single((await _bench.Tasks.ListAsync(new ListQuery { Search = "uno" }, Token)).Items);
        await _bench.Tasks.DeleteAsync(id, (await _bench.RowAsync(id))!.Revision, forgetSessions: false, Token);
        await _bench.SettleAsync(id);
        Assert.Equal(1, (await _bench.Tasks.ListAsync(new ListQuery(), Token)).Total);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(ListQuery query) =>
        [.. (await _bench.Tasks.ListAsync(query, Token)).Items.Select(task => task.Settings.Name)];
}
