using System.Collections.Concurrent;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Portal.Sandbox.Mqtt;

/// <summary>
/// Ends a client's old connection before its session is resumed on a new one. MQTTnet.Server does it afterwards: what the old connection
/// still takes out of the resumed queue is sent where nobody listens any more, and would wait for the next resume.
/// </summary>
internal sealed class Takeovers(MqttServer server)
{
    // The end of a connection takes milliseconds; a handler that hangs must not keep the client out.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _ending = new(StringComparer.Ordinal);

    /// <summary>Returns when nothing of an old connection touches the session any more, or after 5 s.</summary>
    public async Task EndAsync(string clientId)
    {
        if (!await IsConnectedAsync(clientId))
        {
            return;
        }

        var ended = _ending.GetOrAdd(clientId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await server.DisconnectClientAsync(clientId, MqttDisconnectReasonCode.SessionTakenOver).WaitAsync(Patience);
            await ended.Task.WaitAsync(Patience);
        }
        catch (Exception exception) when (exception is TimeoutException or InvalidOperationException)
        {
            // It hangs, or went by itself meanwhile: MQTTnet.Server takes over what is left.
            _ending.TryRemove(clientId, out _);
        }
    }

    /// <summary>A connection has ended, and with it everything that it did to its session.</summary>
    public void OnDisconnected(string clientId)
    {
        if (_ending.TryRemove(clientId, out var ended))
        {
            ended.TrySetResult();
        }
    }

    /// <summary>Whether there is a connection of this client.</summary>
    public async Task<bool> IsConnectedAsync(string clientId) => (await server.GetClientsAsync()).Any(client => client.Id == clientId);
}
