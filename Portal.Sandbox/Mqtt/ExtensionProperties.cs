using System.Collections.Concurrent;
using System.Globalization;
using MQTTnet.Packets;
using MQTTnet.Server;

namespace Portal.Sandbox.Mqtt;

/// <summary>
/// The five user properties that say where a message came from. Added once, when it is published, so that retained and queued copies carry
/// them too; what a publisher sent under these names is taken away.
/// </summary>
internal sealed class ExtensionProperties(TimeProvider time)
{
    public const string MessageId = "$__messageId";
    public const string MessageTimestamp = "$__messageTimestamp";
    public const string PublisherClientId = "$__publisherClientId";
    public const string PublisherClientHost = "$__publisherClientHost";
    public const string PublisherUsername = "$__publisherUsername";

    private const string Prefix = "$__";

    private readonly ConcurrentDictionary<string, string> _hosts = new(StringComparer.Ordinal);

    public void OnConnected(ClientConnectedEventArgs client) => _hosts[client.ClientId] = client.RemoteEndPoint?.ToString() ?? "";

    public void OnDisconnected(ClientDisconnectedEventArgs client) =>
        _hosts.TryRemove(new(client.ClientId, client.RemoteEndPoint?.ToString() ?? ""));

    public void Stamp(InterceptingPublishEventArgs publish)
    {
        var now = time.GetUtcNow();
        var properties = new List<MqttUserProperty>((publish.ApplicationMessage.UserProperties?.Count ?? 0) + 5)
        {
            new(MessageId, Text(Guid.CreateVersion7(now).ToString("N"))),
            new(MessageTimestamp, Text(now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))),
            new(PublisherClientId, Text(publish.ClientId)),
            new(PublisherClientHost, Text(_hosts.GetValueOrDefault(publish.ClientId, ""))),
            new(PublisherUsername, Text(publish.UserName ?? "")),
        };
        if (publish.ApplicationMessage.UserProperties is { } sent)
        {
            properties.AddRange(sent.Where(property => !property.Name.StartsWith(Prefix, StringComparison.Ordinal)));
        }

        publish.ApplicationMessage.UserProperties = properties;
    }

    private static ReadOnlyMemory<byte> Text(string value) => System.Text.Encoding.UTF8.GetBytes(value);
}
