using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace Portal.Engine.Sources.Wire;

/// <summary>A plain TCP connection to a broker.</summary>
/// <remarks>
/// MQTTnet's own channel allocates a task for every read that has to wait, and fixes the receive buffer, which keeps the kernel from fitting
/// it to the way to the broker. Here reads go through <see cref="ReceiveAsync"/>, which allocates nothing; what MQTTnet asks for works as before.
/// </remarks>
internal sealed class SocketChannel(string host, int port) : IMqttChannel
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint { get; private set; }

    public EndPoint? LocalEndPoint { get; private set; }

    public bool IsSecureConnection => false;

    /// <summary>Bytes that can be read without waiting.</summary>
    public int Available => _socket.Available;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(host, port, cancellationToken);
        (RemoteEndPoint, LocalEndPoint) = (_socket.RemoteEndPoint, _socket.LocalEndPoint);
    }

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads what is there, at least a byte; 0 when the broker closed the connection. One caller at a time.</summary>
    /// <exception cref="SocketException">The connection broke or was closed from our side.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> room) => _socket.ReceiveAsync(room, SocketFlags.None, CancellationToken.None);

    public Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReceiveAsync(buffer.AsMemory(offset, count)).AsTask();

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (var part in buffer)
        {
            for (var sent = 0; sent < part.Length;)
            {
                sent += await _socket.SendAsync(part[sent..], SocketFlags.None, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells the broker that nothing more comes; reading goes on.</summary>
    public void EndSending() => Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        // What was sent before reaches the broker; unless bytes lie here unread: then the kernel resets the connection.
        Shutdown(SocketShutdown.Both);
        _socket.Dispose();
    }

    private void Shutdown(SocketShutdown what)
    {
        try
        {
            _socket.Shutdown(what);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Not connected, or closed already.
        }
    }
}
