using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;

namespace Portal.Sandbox.Mqtt.Transport;

/// <summary>One client's connection: reads big blocks, where MQTTnet's own channel makes three calls for each packet.</summary>
internal sealed class TcpChannel(Socket socket) : IMqttChannel
{
    private readonly byte[] _block = new byte[16 * 1024];
    private readonly DisconnectWatch _watch = new();
    private int _at;
    private int _end;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint { get; } = socket.RemoteEndPoint;

    public EndPoint? LocalEndPoint { get; } = socket.LocalEndPoint;

    public bool IsSecureConnection => false;

    /// <summary>Whether the client asked for the end of its session.</summary>
    public bool EndsSession => _watch.EndsSession;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_at == _end)
        {
            (_at, _end) = (0, await socket.ReceiveAsync(_block, cancellationToken));
            _watch.Read(_block.AsSpan(0, _end));
        }

        var taken = Math.Min(count, _end - _at);
        _block.AsSpan(_at, taken).CopyTo(buffer.AsSpan(offset));
        _at += taken;
        return taken;
    }

    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (var part in buffer)
        {
            for (var sent = 0; sent < part.Length;)
            {
                sent += await socket.SendAsync(part[sent..], cancellationToken);
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
