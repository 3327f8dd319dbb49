using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Fixtures;

/// <summary>A socket and the bytes of MQTT 5, for what no client library would send.</summary>
internal sealed class RawMqttConnection : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawMqttConnection> OpenAsync(int port)
    {
        var connection = new RawMqttConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Sends CONNECT without clean start and waits for a CONNACK that says yes.</summary>
    public async Task ConnectAsync(string clientId, string user, string password, uint sessionExpiry)
    {
        var expiry = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(expiry, sessionExpiry);
        byte[] body = [.. Text("MQTT"), 5, 0xC0, 0, 60, 5, 0x11, .. expiry, .. Text(clientId), .. Text(user), .. Text(password)];
        await SendAsync([0x10, (byte)body.Length, .. body]);
        var answer = new byte[256];
        var length = await _socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
        Assert.True(length >= 4 && answer[0] == 0x20 && answer[3] == 0, $"CONNACK was {Convert.ToHexString(answer, 0, length)}");
    }

    public async Task SendAsync(byte[] packet) => await _socket.SendAsync(packet, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
}
