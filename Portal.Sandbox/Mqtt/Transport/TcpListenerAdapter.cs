using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Portal.Sandbox.Mqtt.Transport;

/// <summary>
/// Accepts connections for MQTTnet.Server. Its own listener closes with a reset, which can overtake the CONNACK that says why, and hides
/// the bytes from which alone one can tell that a client ended its session.
/// </summary>
internal sealed class TcpListenerAdapter(IPEndPoint address) : IMqttServerAdapter
{
    private readonly ConcurrentDictionary<EndPoint, TcpChannel> _channels = new();
    private readonly TaskSet _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    public int Port => ((IPEndPoint)_listener!.LocalEndPoint!).Port;

    /// <exception cref="SocketException">The port is taken, or the address is not one of this machine.</exception>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger)
    {
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(address);
            listener.Listen(256);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _accepting = AcceptAsync(listener, options, logger);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Whether the client at this address sent a DISCONNECT that ends its session. Asked before its connection is closed.
    /// </summary>
    public bool EndsSession(EndPoint? client) =>
        client is not null && _channels.TryGetValue(client, out var channel) && channel.EndsSession;

    public async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            _listener?.Dispose();
            foreach (var channel in _channels.Values)
            {
                channel.Dispose();
            }

            await _accepting;
            await _connections.WhenEmptyAsync();
        }
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener, MqttServerOptions options, IMqttNetLogger logger)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stop.Token);
                _connections.Run(() => ServeAsync(client, options, logger));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // A client that gave up while it was accepted; the loop ends by the token alone.
            }
        }
    }

    private async Task ServeAsync(Socket client, MqttServerOptions options, IMqttNetLogger logger)
    {
        client.NoDelay = true;
        using var channel = new TcpChannel(client);
        if (channel.RemoteEndPoint is not { } remote || ClientHandler is not { } handler)
        {
            return;
        }

        _channels[remote] = channel;
        try
        {
            var formatter = new MqttPacketFormatterAdapter(new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax));
            using var adapter = new MqttChannelAdapter(channel, formatter, logger) { AllowPacketFragmentation = false };
            await handler(adapter);
        }
        // One client's trouble must not reach the others; the server logged what it was.
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or MqttCommunicationException)
        {
        }
        finally
        {
            _channels.TryRemove(remote, out _);
        }
    }
}
