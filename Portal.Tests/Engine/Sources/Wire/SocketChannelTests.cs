using System.Net;
using System.Net.Sockets;
using Portal.Engine.Sources.Wire;

namespace Portal.Tests.Engine.Sources.Wire;

public sealed class SocketChannelTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public SocketChannelTests() => _listener.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Receive_BytesAreThere_AllocatesNothing()
    {
        var (channel, broker) = await ConnectAsync();
        using var both = broker;
        using var ours = channel;
        const int Blocks = 200;
        await broker.SendAsync(new byte[Blocks * 64], Cancellation);
        // Until all of it lies in the socket: no read has to wait, and everything happens on this thread.
        await Eventually.TrueAsync(() => channel.Available == Blocks * 64, "all has arrived");
        var room = new byte[64];
        Assert.Equal(64, await channel.ReceiveAsync(room));

        var (allocated, received) = Receive(channel, room, Blocks - 1);

        Assert.Equal((Blocks - 1) * 64, received);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task Dispose_AfterAWrite_BrokerReadsItAllAndThenTheEnd()
    {
        var (channel, broker) = await ConnectAsync();
        using var both = broker;

        await channel.WriteAsync(new System.Buffers.ReadOnlySequence<byte>(new byte[100_000]), isEndOfPacket: true, Cancellation);
        channel.Dispose();
        channel.Dispose();

        var (room, total) = (new byte[4096], 0);
        while (await broker.ReceiveAsync(room, Cancellation) is > 0 and var count)
        {
            total += count;
        }

        Assert.Equal(100_000, total);
    }

    [Fact]
    public async Task Dispose_WhileAReadWaits_EndsIt()
    {
        var (channel, broker) = await ConnectAsync();
        using var both = broker;
        var read = channel.ReceiveAsync(new byte[64]).AsTask();

        channel.Dispose();

        // Its end is a 0 or an exception of the connection, as the system has it.
        var end = await Record.ExceptionAsync(() => read.WaitAsync(TimeSpan.FromSeconds(60), Cancellation));
        Assert.True(end is null || ReasonWords.IsOfConnection(end), $"{end}");
        Assert.False(end is TimeoutException);
    }

    [Fact]
    public async Task Connect_NobodyListens_SaysSo()
    {
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _listener.Stop();
        using var channel = new SocketChannel("localhost", port);

        var refused = await Assert.ThrowsAnyAsync<SocketException>(() => channel.ConnectAsync(Cancellation));

        Assert.Equal("Nothing listens at that host and port (connection refused).", ReasonWords.Of(refused));
    }

    // Synchronous, so that all of it runs on one thread.
    private static (long Allocated, int Received) Receive(SocketChannel channel, byte[] room, int times)
    {
        var received = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            var read = channel.ReceiveAsync(room);
            received += read.IsCompletedSuccessfully ? read.GetAwaiter().GetResult() : 0;
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before, received);
    }

    private async Task<(SocketChannel Channel, Socket Broker)> ConnectAsync()
    {
        var channel = new SocketChannel("localhost", ((IPEndPoint)_listener.LocalEndpoint).Port);
        await channel.ConnectAsync(Cancellation);
        return (channel, await _listener.AcceptSocketAsync(Cancellation));
    }
}
