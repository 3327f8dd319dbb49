using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Portal.Client.Contracts;
using Portal.Server.Security;

namespace Portal.Server.Live.Hub;

/// <summary>The live feed for scripts and other programs. Documented for them in docs/live-hub.md.</summary>
[Authorize]
internal sealed class LiveHub(ILiveFeed feed, IHubContext<LiveHub, ILiveHubClient> others, SecurityStamps stamps, TimeProvider time)
    : Hub<ILiveHubClient>, ILiveHub
{
    private const string Tasks = "tasks";

    public Task<IReadOnlyList<ConnectorTaskLive>> WatchTasks()
    {
        var watch = feed.WatchTasks();
        Watches.Begin(Tasks, watch, watch.Changes, (client, changed) => client.TasksChanged(changed));
        return Task.FromResult(watch.Initial);
    }

    public Task<TaskClientsLive> WatchClients(string taskId)
    {
        if (!Watches.HasRoomFor(Of(taskId), beside: Tasks))
        {
            throw new HubException($"A connection can watch the clients of at most {ILiveHub.MostWatchedTasks} tasks. Call {nameof(UnwatchClients)} for one of them first.");
        }

        var watch = feed.WatchClients(taskId);
        Watches.Begin(Of(taskId), watch, watch.Changes, (client, changed) => client.ClientsChanged(changed));
        return Task.FromResult(watch.Initial);
    }

    public Task UnwatchTasks()
    {
        Watches.End(Tasks);
        return Task.CompletedTask;
    }

    public Task UnwatchClients(string taskId)
    {
        Watches.End(Of(taskId));
        return Task.CompletedTask;
    }

    public override Task OnConnectedAsync()
    {
        // By the context of all hubs: this object is gone when the method that began a watch returns.
        Context.Items[typeof(HubWatches)] = new HubWatches(others.Clients.Client(Context.ConnectionId), time);
        var connection = Context;
        _ = HubSession.KeepAsync(() => stamps.IsCurrentAsync(connection.User!), connection.Abort, time, connection.ConnectionAborted);
        return base.OnConnectedAsync();
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Watches.Dispose();
        return base.OnDisconnectedAsync(exception);
    }

    private HubWatches Watches => (HubWatches)Context.Items[typeof(HubWatches)]!;

    private static string Of(string taskId) => $"clients of {taskId}";
}
