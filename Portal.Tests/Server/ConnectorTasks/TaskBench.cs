using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Server.Clusters;
using Portal.Server.ConnectorTasks;
using Portal.Server.ConnectorTasks.Reconciling;
using Portal.Server.Data;
using Portal.Server.Data.Entities;
using Portal.Server.History;
using Portal.Server.Hosting;
using Portal.Server.Live;
using Portal.Server.Live.Roster;
using Portal.Server.Operations;
using Portal.Server.Overview;
using Portal.Server.Preferences;
using Portal.Server.Security;
using Portal.Tests.Fakes;

namespace Portal.Tests.Server.ConnectorTasks;

/// <summary>
/// The server's own services on a database of its own, over an engine of the test's making. No loop runs by itself: the test moves the
/// clock and turns each loop by hand.
/// </summary>
internal sealed class TaskBench : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-tasks-").FullName;
    private readonly WebApplication _app;
    private readonly AsyncServiceScope _scope;

    private TaskBench(IInterceptor[] interceptors)
    {
        Supervisor = new FakePipelineSupervisor(Time);
        var builder = PortalHost.CreateBuilder([$"--{DataFolder.Setting}={_folder}", "--Logging:LogLevel:Default=None"])
            .AddPortalData().AddPortalIdentity().AddConnections().AddHistory().AddConnectorTasks().AddPortalOperations().AddOverview().AddPreferences();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton<IPipelineSupervisor>(Supervisor);
        builder.Services.AddSingleton<IEndpointProbe>(Probe);
        builder.Services.AddSingleton<IActor>(Actor);
        foreach (var interceptor in interceptors)
        {
            builder.Services.AddSingleton(interceptor);
        }

        _app = builder.Build();
        _scope = _app.Services.CreateAsyncScope();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 8, 1, 12, 0, 0, TimeSpan.Zero));

    public FakePipelineSupervisor Supervisor { get; }

    public FakeEndpointProbe Probe { get; } = new();

    public FakeActor Actor { get; } = new(Portal.Server.Security.Actor.System);

    public IConnectorTaskService Tasks => Get<IConnectorTaskService>();

    public IOperationService Operations => Get<IOperationService>();

    public LiveFeed Feed => Get<LiveFeed>();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TaskBench> StartAsync(params IInterceptor[] interceptors)
    {
        var bench = new TaskBench(interceptors);
        await bench.Get<DatabaseStart>().RunAsync(Token);
        await bench.WriteAsync(db =>
        {
            db.AddRange(new RegionRow { Code = "gz", Name = "Guangzhou" }, new RegionRow { Code = "sh", Name = "Shanghai" });
            db.Add(new MqttCluster { Id = "mqtt-aaaaaaaa", Name = "broker", Region = "gz", Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "broker", 1883)], CreatedBy = "t" });
            db.Add(new Connection { Id = "resource-aaaaaaaa", Name = "gz-prod", MqttClusterId = "mqtt-aaaaaaaa", CreatedBy = "t" });
            db.Add(new Connection { Id = "resource-bbbbbbbb", Name = "gz-test", MqttClusterId = "mqtt-aaaaaaaa", CreatedBy = "t" });
            db.Add(new KafkaInstance { Id = "ckafka-aaaaaaaa", Name = "kafka", Region = "gz", BootstrapServers = "kafka:9092", CreatedBy = "t" });
            db.Add(new KafkaInstance { Id = "ckafka-ssssssss", Name = "far kafka", Region = "sh", BootstrapServers = "far:9092", CreatedBy = "t" });
        });
        await bench.Hosted<LoadTasks>().StartAsync(Token);
        bench.Get<TaskReconciler>().Open();
        return bench;
    }

    public T Get<T>()
        where T : notnull => _scope.ServiceProvider.GetRequiredService<T>();

    public T Hosted<T>()
        where T : IHostedService => _app.Services.GetServices<IHostedService>().OfType<T>().Single();

    public async Task WriteAsync(Action<PortalDb> write)
    {
        await using var db = await Get<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Token);
        write(db);
        await db.SaveChangesAsync(Token);
    }

    public async Task<T> ReadAsync<T>(Func<PortalDb, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Token);
        return await read(db);
    }

    public Task<ConnectorTask?> RowAsync(string id) => ReadAsync(db => db.ConnectorTasks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, Token));

    /// <summary>Creates a task and waits until the engine has taken it up.</summary>
    public async Task<string> CreateAsync(ConnectorTaskDraft? draft = null, bool paused = false)
    {
        var result = await Tasks.CreateAsync(draft ?? Drafts.Valid, paused, Token);
        Assert.True(result.IsAccepted, result.Text);
        await SettleAsync(result.Id!);
        return result.Id!;
    }

    /// <summary>Waits until everything that was asked of a task so far has been carried out.</summary>
    public Task SettleAsync(string id) => Get<TaskReconciler>().ReconcileAsync(id);

    /// <summary>The look at what is not as it was asked.</summary>
    public Task LookAsync() => Hosted<ReconcileTasks>().LookAsync(Token);

    /// <summary>The look at what runs with older settings than are stored.</summary>
    public Task MarkAsync() => Hosted<MarkRestartToApply>().MarkAsync(Token);

    /// <summary>A second cluster, <c>other</c>, and its connection <c>resource-cccccccc</c>.</summary>
    public Task AddOtherBrokerAsync() => WriteAsync(db => db.AddRange(
        new MqttCluster { Id = "mqtt-cccccccc", Name = "other", Region = "gz", Endpoints = [new ClusterEndpoint(EndpointTransport.Tcp, "other", 1883)], CreatedBy = "t" },
        new Connection { Id = "resource-cccccccc", Name = "gz-other", MqttClusterId = "mqtt-cccccccc", CreatedBy = "t" }));

    /// <summary>Gives the connection of every task another user, <c>changed</c>.</summary>
    public Task ChangeConnectionAsync() => WriteAsync(db =>
    {
        var row = db.Connections.Single(one => one.Id == "resource-aaaaaaaa");
        (row.UserName, row.Revision) = ("changed", row.Revision + 1);
    });

    /// <summary>Moves the clock until the task went back to its former settings, at most so far.</summary>
    public async Task WentBackAsync(string id, TimeSpan? most = null)
    {
        var until = Time.GetUtcNow() + (most ?? TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(
            () =>
            {
                if (Time.GetUtcNow() < until)
                {
                    Time.Advance(TimeSpan.FromMilliseconds(250));
                }

                return Get<TaskRoster>().Find(id) is { Former: null, GivenUp: not null };
            },
            "it went back");
    }

    public ConnectorTaskLive Live(string id) => Feed.Tasks.Find(id) ?? throw new InvalidOperationException($"{id} is not in the feed.");

    public void Pump() => Hosted<LiveFeedPump>().Pump();

    public async ValueTask DisposeAsync()
    {
        await Get<TaskReconciler>().StopAsync();
        await Hosted<RunOperations>().StopAsync(CancellationToken.None);
        await _scope.DisposeAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
