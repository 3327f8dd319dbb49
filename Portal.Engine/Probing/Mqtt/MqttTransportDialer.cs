using System.Net;
using System.Net.WebSockets;
using Portal.Engine.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>Makes the stream that MQTT is spoken on out of a connection: as it is, or as a WebSocket.</summary>
internal static class MqttTransportDialer
{
    /// <summary>The stream to speak MQTT on, which owns <paramref name="connection"/>; or why there is none.</summary>
    public static async Task<(Stream? Stream, NetworkFault? Fault)> OpenAsync(
        Stream connection, MqttEndpoint endpoint, CancellationToken cancellationToken)
    {
        if (endpoint.Transport is MqttTransport.Tcp or MqttTransport.Tls)
        {
            return (connection, null);
        }

        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => ValueTask.FromResult(connection),
            UseProxy = false,
            UseCookies = false,
        };
        using var invoker = new HttpMessageInvoker(handler);
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            // TLS, if any, is below already: to the handler it is plain HTTP.
            await socket.ConnectAsync(new UriBuilder("ws", endpoint.Host, endpoint.Port, endpoint.Path).Uri, invoker, cancellationToken);
            return (WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true), null);
        }
        catch (WebSocketException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            await connection.DisposeAsync();
            return (null, Explain(endpoint, status));
        }
        catch
        {
            socket.Dispose();
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NetworkFault Explain(MqttEndpoint endpoint, HttpStatusCode status) => status == 0
        ? new NetworkFault(
            "not-websocket",
            $"{endpoint.Host}:{endpoint.Port} does not answer as a WebSocket.",
            "Check the port: 8083 is usual for ws, 8084 for wss. If it speaks plain MQTT, choose the transport tcp or tls.")
        : new NetworkFault(
            "not-websocket",
            $"{endpoint.Host}:{endpoint.Port} speaks HTTP, but opens no WebSocket at {endpoint.Path} (status {(int)status}).",
            "Check the path: /mqtt is usual, some brokers use /ws or /.");
}
