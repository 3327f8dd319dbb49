using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Portal.Sandbox.Mqtt.Groups;
using Portal.Sandbox.Mqtt.Transport;

namespace Portal.Sandbox.Mqtt;

/// <summary>
/// An MQTT 5 and 3.1.1 broker in this process: user names and passwords, shared subscriptions, persistent sessions with expiry, retained
/// messages, and the extension properties on delivery. Everything lives in memory and ends with it.
/// </summary>
/// <remarks>
/// MQTTnet.Server does not honour a client's Receive Maximum, and sends the open messages of a resumed session again under new packet ids
/// without DUP.
/// </remarks>
public sealed partial class EmbeddedMqttBroker : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    private readonly MqttServer _server;
    private readonly TcpListenerAdapter _listener;
    private readonly SandboxUsers _users;
    private readonly ILogger _logger;
    private readonly SharedGroups _groups = new();
    private readonly SharedSubscriptions _subscriptions;
    private readonly ExtensionProperties _extensions;
    private readonly SessionExpiry _expiry;
    private readonly DroppedMessages _dropped;
    private readonly GroupDelivery _delivery;
    private readonly Takeovers _takeovers;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private Task _sweeping = Task.CompletedTask;

    private EmbeddedMqttBroker(IPAddress host, int port, int maxPendingMessages, SandboxUsers users, TimeProvider time, ILogger logger)
    {
        _users = users;
        _time = time;
        _logger = logger;
        _listener = new TcpListenerAdapter(new IPEndPoint(host, port));
        MaxPendingMessages = maxPendingMessages;
        _server = new MqttServer(CreateOptions(maxPendingMessages), [_listener], new BrokerLog(logger));
        _dropped = new DroppedMessages(maxPendingMessages, logger);
        _subscriptions = new SharedSubscriptions(_server, _groups, _dropped);
        _extensions = new ExtensionProperties(time);
        _expiry = new SessionExpiry(time);
        _delivery = new GroupDelivery(_groups, _dropped);
        _takeovers = new Takeovers(_server);
        Listen();
    }

    /// <summary>The port that clients connect to.</summary>
    public int Port => _listener.Port;

    /// <summary>How many messages were dropped because a client's queue was full, since the start.</summary>
    public long DroppedMessages => _dropped.Total;

    /// <summary>Starts one on this address; port 0 takes any free one.</summary>
    /// <exception cref="SocketException">The port is taken, or the address is not one of this machine.</exception>
    public static async Task<EmbeddedMqttBroker> StartAsync(
        IPAddress host, int port, int maxPendingMessages, SandboxUsers users, TimeProvider time, ILogger logger)
    {
        var broker = new EmbeddedMqttBroker(host, port, maxPendingMessages, users, time, logger);
        try
        {
            await broker._server.StartAsync();
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }

        broker._sweeping = broker.SweepAsync();
        return broker;
    }

    /// <summary>Closes a client's connection and keeps its session; false when it is not connected.</summary>
    public async Task<bool> DisconnectClientAsync(string clientId)
    {
        if (!await _takeovers.IsConnectedAsync(clientId))
        {
            return false;
        }

        await _server.DisconnectClientAsync(clientId, MqttDisconnectReasonCode.AdministrativeAction);
        return true;
    }

    /// <summary>The ids of the clients that are connected now.</summary>
    public async Task<IReadOnlyList<string>> GetClientIdsAsync() => [.. (await _server.GetClientsAsync()).Select(client => client.Id)];

    /// <summary>The ids of all sessions, of those that wait for their client too.</summary>
    public async Task<IReadOnlyList<string>> GetSessionIdsAsync() => [.. (await _server.GetSessionsAsync()).Select(session => session.Id)];

    /// <summary>How many messages it keeps for one session at most; further ones are dropped.</summary>
    public int MaxPendingMessages { get; }

    /// <summary>The messages that wait in each session, by client id: not yet sent to it, or sent while it was away.</summary>
    public async Task<IReadOnlyDictionary<string, long>> GetPendingAsync() =>
        (await _server.GetSessionsAsync()).ToDictionary(session => session.Id, session => session.PendingApplicationMessagesCount);

    /// <summary>Closes every connection and the port. Twice is safe.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _sweeping;
        if (_server.IsStarted)
        {
            await _server.StopAsync();
        }

        _server.Dispose();
        _stop.Dispose();
    }

    private static MqttServerOptions CreateOptions(int maxPendingMessages) => new MqttServerOptionsBuilder()
        .WithPersistentSessions()
        .WithMaxPendingMessagesPerClient(maxPendingMessages)
        // Dropping the oldest instead would leave it among the unacknowledged, and bring it back with the next resume.
        .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropNewMessage)
        .Build();

    private void Listen()
    {
        _server.ValidatingConnectionAsync += OnValidatingAsync;
        _server.ClientConnectedAsync += Completed<ClientConnectedEventArgs>(OnConnected);
        _server.ClientDisconnectedAsync += OnDisconnectedAsync;
        _server.SessionDeletedAsync += Completed<SessionDeletedEventArgs>(OnSessionDeleted);
        _server.InterceptingInboundPacketAsync += _subscriptions.OnInboundAsync;
        _server.InterceptingOutboundPacketAsync += Completed<InterceptingPacketEventArgs>(_subscriptions.OnOutbound);
        _server.InterceptingUnsubscriptionAsync += Completed<InterceptingUnsubscriptionEventArgs>(_subscriptions.OnUnsubscribing);
        _server.InterceptingPublishAsync += Completed<InterceptingPublishEventArgs>(OnPublish);
        _server.ApplicationMessageEnqueuedOrDroppedAsync += Completed<ApplicationMessageEnqueuedEventArgs>(OnEnqueued);
    }

    private static Func<T, Task> Completed<T>(Action<T> handler) => args =>
    {
        handler(args);
        return Task.CompletedTask;
    };

    private async Task OnValidatingAsync(ValidatingConnectionEventArgs connection)
    {
        if (_users.Check(connection.UserName, connection.Password))
        {
            if (string.IsNullOrEmpty(connection.ClientId))
            {
                connection.AssignedClientIdentifier = $"auto-{Guid.NewGuid():N}";
            }

            var clientId = connection.AssignedClientIdentifier ?? connection.ClientId;
            _subscriptions.OnAccepted(clientId);
            await _takeovers.EndAsync(clientId);
            // Last, since the end of an old connection sets a deadline.
            _expiry.OnAccepted(clientId, connection);
            return;
        }

        connection.ReasonCode = MqttConnectReasonCode.BadUserNameOrPassword;
        Log.SignInRefused(_logger, connection.ClientId, connection.UserName);
    }

    private void OnConnected(ClientConnectedEventArgs client)
    {
        _extensions.OnConnected(client);
        _groups.SetOnline(client.ClientId, online: true);
        _dropped.EndEpisode(client.ClientId);
    }

    private async Task OnDisconnectedAsync(ClientDisconnectedEventArgs client)
    {
        _groups.SetOnline(client.ClientId, online: false);
        _extensions.OnDisconnected(client);
        if (client.DisconnectType == MqttClientDisconnectType.Clean && _listener.EndsSession(client.RemoteEndPoint))
        {
            await DeleteSessionAsync(client.ClientId);
        }
        else if (client.DisconnectType != MqttClientDisconnectType.Takeover)
        {
            _expiry.OnDisconnected(client);
        }

        _takeovers.OnDisconnected(client.ClientId);
    }

    private void OnSessionDeleted(SessionDeletedEventArgs session)
    {
        _subscriptions.OnSessionDeleted(session.Id);
        _dropped.EndEpisode(session.Id);
        _expiry.Forget(session.Id);
    }

    private void OnPublish(InterceptingPublishEventArgs publish)
    {
        if (publish.ProcessPublish)
        {
            _extensions.Stamp(publish);
            _delivery.Deliver(publish.ApplicationMessage);
        }
    }

    private void OnEnqueued(ApplicationMessageEnqueuedEventArgs message)
    {
        if (message.IsDropped)
        {
            _dropped.Add(message.ReceiverClientId);
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepPeriod, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (var clientId in _expiry.Due())
                {
                    await DeleteSessionAsync(clientId);
                    Log.SessionExpired(_logger, clientId);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task DeleteSessionAsync(string clientId)
    {
        if ((await _server.GetSessionsAsync()).FirstOrDefault(session => session.Id == clientId) is { } session)
        {
            await session.DeleteAsync();
        }

        _expiry.Forget(clientId);
    }

    private static partial class Log
    {
        [LoggerMessage(SandboxEvents.SignInRefused, LogLevel.Information,
            "The embedded MQTT broker refused client {ClientId}: there is no user {UserName} with this password")]
        public static partial void SignInRefused(ILogger logger, string clientId, string userName);

        [LoggerMessage(SandboxEvents.SessionExpired, LogLevel.Debug,
            "The session of client {ClientId} expired in the embedded MQTT broker")]
        public static partial void SessionExpired(ILogger logger, string clientId);
    }
}
