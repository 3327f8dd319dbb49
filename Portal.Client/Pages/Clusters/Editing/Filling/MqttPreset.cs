using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing.Filling;

/// <summary>What is usual for one kind of MQTT broker: it fills transport, port and version, and says what to know before relying on it.</summary>
/// <param name="Name">As its makers write it.</param>
/// <param name="Caveats">One paragraph.</param>
/// <param name="Endpoint">The usual entrance; its host is where an address is to be typed.</param>
/// <param name="Kind">What the cluster is registered as.</param>
public sealed record MqttPreset(string Name, string Caveats, ClusterEndpoint Endpoint, MqttClusterKind Kind = MqttClusterKind.Generic)
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<MqttPreset> All { get; } =
    [
        new(
            "AWS IoT Core",
            "Signs clients in by certificate: paste it with its key below. The policy of the certificate must allow the client ids of the tasks "
            + "(task-...), their topics, and probe/# if the test shall prove delivery. Messages have at most 128 KB, QoS 2 is not offered, and few "
            + "messages are sent ahead of their acknowledgement (100 by default), so several clients a task are worth it.",
            new(EndpointTransport.Tls, "", 8883)),
        new(
            "Azure Event Grid",
            "Speaks TLS only and knows clients by certificate; the user name of the connection is the client's authentication name. A session that is "
            + "away is ended when 100 messages or 1 MB wait for it: at least once then no longer holds, so keep tasks running. Every task needs shared "
            + "subscriptions; the test says whether this namespace has them.",
            new(EndpointTransport.Tls, "", 8883)),
        new(
            "EMQX",
            "Ports are 1883 (tcp), 8883 (tls), 8083 (ws) and 8084 (wss). By default it sends 32 messages ahead of their acknowledgement "
            + "(max_inflight) and queues 1 000 for a client that is away (max_mqueue_len), dropping the oldest: raise both for connectors.",
            new(EndpointTransport.Tcp, "", 1883)),
        new(
            "HiveMQ",
            "HiveMQ Cloud has TLS only, 8883, and WebSockets at 8884 with the path /mqtt; one that you run yourself usually has 1883 too. Queued messages of "
            + "a client that is away are limited, 1 000 by default: raise that limit where outages may last longer.",
            new(EndpointTransport.Tls, "", 8883)),
        new(
            "Mosquitto",
            "By default it queues 1 000 messages for a client that is away and drops the rest: set max_queued_messages 0 to keep all. What it holds survives "
            + "a restart with persistence true, a crash only up to the last save (autosave_interval). MQTT 3.1.1 clients get 20 messages ahead of "
            + "their acknowledgement (max_inflight_messages).",
            new(EndpointTransport.Tcp, "", 1883),
            MqttClusterKind.Mosquitto),
        new(
            "TDMQ for MQTT",
            "Use the access point of the network that this server is in. Users and their rights are made in the console of the instance: the user of the "
            + "connection needs the right to subscribe. On delivery it adds its extension fields ($__messageId, $__messageTimestamp, ...), which the "
            + "mapping can use for key and timestamp.",
            new(EndpointTransport.Tcp, "", 1883)),
    ];

    /// <summary>The draft with what is usual; a host that was typed stays.</summary>
    public MqttClusterDraft Fill(MqttClusterDraft draft) => draft with
    {
        Kind = Kind,
        Version = MqttVersion.V5,
        Endpoints = [Endpoint with { Host = draft.Endpoints is [var first, ..] ? first.Host : "" }],
    };
}
