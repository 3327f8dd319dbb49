using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Portal.Sandbox.Mqtt;

/// <summary>Which sessions wait for their client, and until when: MQTTnet.Server keeps a session that has an expiry for ever.</summary>
internal sealed class SessionExpiry(TimeProvider time)
{
    private const uint Never = uint.MaxValue;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, uint> _expiries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _deadlines = new(StringComparer.Ordinal);

    public void OnAccepted(string clientId, ValidatingConnectionEventArgs connection)
    {
        // 3.1.1 has no expiry: its persistent sessions stay.
        var expiry = connection.ProtocolVersion == MqttProtocolVersion.V500 ? connection.SessionExpiryInterval : Never;
        lock (_gate)
        {
            _expiries[clientId] = expiry;
            _deadlines.Remove(clientId);
        }
    }

    public void OnDisconnected(ClientDisconnectedEventArgs client)
    {
        lock (_gate)
        {
            var expiry = client.SessionExpiryInterval != 0 ? client.SessionExpiryInterval : _expiries.GetValueOrDefault(client.ClientId);
            // An expiry of 0 has ended with the connection already.
            if (expiry is not (0 or Never))
            {
                _deadlines[client.ClientId] = time.GetUtcNow() + TimeSpan.FromSeconds(expiry);
            }
        }
    }

    public void Forget(string clientId)
    {
        lock (_gate)
        {
            _expiries.Remove(clientId);
            _deadlines.Remove(clientId);
        }
    }

    public IReadOnlyList<string> Due()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            return [.. _deadlines.Where(deadline => deadline.Value <= now).Select(deadline => deadline.Key)];
        }
    }
}
