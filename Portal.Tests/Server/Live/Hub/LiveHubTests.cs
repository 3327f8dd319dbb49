using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Portal.Client.Contracts;
using Portal.Engine.Pipelines;
using Portal.Server.Api.Answers;
using Portal.Tests.Server.Api;

namespace Portal.Tests.Server.Live.Hub;

/// <summary>A script, signed in with the Identity cookie, watches through the real .NET client.</summary>
public sealed class LiveHubTests(PortalApp portal) : IClassFixture<PortalApp>
{
    private readonly Channel<IReadOnlyList<ConnectorTaskLive>> _tasks = Channel.CreateUnbounded<IReadOnlyList<ConnectorTaskLive>>();
    private readonly Channel<TaskClientsLive> _clients = Channel.CreateUnbounded<TaskClientsLive>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connect_NotSignedIn_IsRefused()
    {
        await using var hub = Hub(new CookieContainer());

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(Token));
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
    }

    [Fact]
    public async Task Stop_OfTheServer_EndsTheConnectionAndLetsNobodyComeBack()
    {
        await using var leaving = new PortalApp();
        await leaving.InitializeAsync();
        using var anna = await leaving.SignedInAsync();
        await using var hub = await ConnectedAsync("anna", leaving);
        var ended = new TaskCompletionSource();
        hub.Closed += _ =>
        {
            ended.TrySetResult();
            return Task.CompletedTask;
        };
        Assert.Equal(HttpStatusCode.OK, (await anna.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Token)).StatusCode);

        leaving.BeginToStop();

        await ended.Task.WaitAsync(Token);
        foreach (var path in new[] { "/_blazor", ILiveHub.Path })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await anna.PostAsync($"{path}/negotiate?negotiateVersion=1", null, Token)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await anna.GetAsync("/api/v1/tasks", Token)).StatusCode);
    }

    [Fact]
    public async Task WatchTasks_AsViewer_GivesAllThenWhatChanges()
    {
        using var anna = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(anna);
        await using var hub = await ConnectedAsync("vera");

        Assert.Contains(id, (await hub.InvokeAsync<IReadOnlyList<ConnectorTaskLive>>(nameof(ILiveHub.WatchTasks), Token)).Select(live => live.Id));
        await anna.PostAsync($"/api/v1/tasks/{id}/pause", null, Token);
        await UntilAsync(_tasks, changed => changed.Any(live => live is { Status: ConnectorTaskStatus.Paused } && live.Id == id));
        var other = await portal.CreateTaskAsync(anna);
        await UntilAsync(_tasks, changed => changed.Any(live => live.Id == other && live.Status == ConnectorTaskStatus.Running));
    }

    [Fact]
    public async Task WatchClients_RunningTask_GivesItsClientsThenTheirChanges()
    {
        using var anna = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(anna);
        await Eventually.TrueAsync(() => portal.Supervisor.Find(id) is not null, "runs");
        await using var hub = await ConnectedAsync("anna");
        var now = await hub.InvokeAsync<TaskClientsLive>(nameof(ILiveHub.WatchClients), id, Token);
        Assert.Equal($"{id}-0", Assert.Single(now.Clients).ClientId);

        portal.Supervisor.Show(id, photo => photo with { Clients = [photo.Clients[0] with { Status = TaskClientStatus.Waiting, LastError = "The broker closed the connection." }] });
        var changed = await UntilAsync(_clients, clients => clients.Clients is [{ Status: LiveClientStatus.Waiting }]);

        Assert.Equal("The broker closed the connection.", changed.Clients[0].LastError);
    }

    [Fact]
    public async Task UnwatchTasks_Watched_SendsNoMore()
    {
        using var anna = await portal.SignedInAsync();
        var id = await portal.CreateTaskAsync(anna);
        await using var hub = await ConnectedAsync("anna");
        await hub.InvokeAsync(nameof(ILiveHub.WatchTasks), Token);
        await hub.InvokeAsync(nameof(ILiveHub.UnwatchTasks), Token);
        await hub.InvokeAsync(nameof(ILiveHub.WatchClients), id, Token);
        while (_tasks.Reader.TryRead(out _))
        {
        }

        await anna.PostAsync($"/api/v1/tasks/{id}/pause", null, Token);
        await UntilAsync(_clients, clients => clients.Clients.Count == 0);

        Assert.False(_tasks.Reader.TryRead(out _));
    }

    [Fact]
    public async Task WatchClients_OfTooManyTasks_IsRefusedInWords()
    {
        await using var hub = await ConnectedAsync("anna");
        for (var number = 0; number < ILiveHub.MostWatchedTasks; number++)
        {
            await hub.InvokeAsync(nameof(ILiveHub.WatchClients), $"task-{number}", Token);
        }

        var refusal = await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync(nameof(ILiveHub.WatchClients), "task-more", Token));
        Assert.Contains("at most 50", refusal.Message);
        await hub.InvokeAsync(nameof(ILiveHub.UnwatchClients), "task-7", Token);
        await hub.InvokeAsync(nameof(ILiveHub.WatchClients), "task-more", Token);
    }

    private async Task<HubConnection> ConnectedAsync(string user, PortalApp? server = null)
    {
        var cookies = new CookieContainer();
        using var client = await (server ?? portal).SignedInAsync(user, cookies);
        var hub = Hub(cookies, server);
        await hub.StartAsync(Token);
        return hub;
    }

    private HubConnection Hub(CookieContainer cookies, PortalApp? server = null)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri((server ?? portal).Address, ILiveHub.Path), (HttpConnectionOptions options) => options.Cookies = cookies)
            .AddJsonProtocol(json => ApiJson.Configure(json.PayloadSerializerOptions))
            .Build();
        hub.On<IReadOnlyList<ConnectorTaskLive>>(nameof(ILiveHubClient.TasksChanged), changed => _tasks.Writer.TryWrite(changed));
        hub.On<TaskClientsLive>(nameof(ILiveHubClient.ClientsChanged), changed => _clients.Writer.TryWrite(changed));
        return hub;
    }

    private static async Task<T> UntilAsync<T>(Channel<T> channel, Func<T, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await channel.Reader.ReadAllAsync(limit.Token).FirstAsync(condition, limit.Token);
    }
}
