using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Tests.Fakes;

/// <summary>
/// A broker that does what a test says, byte by byte, on a loopback port: for what real brokers do rarely or never. It answers CONNECT,
/// SUBSCRIBE, UNSUBSCRIBE and PINGREQ by itself; every packet that comes is kept.
/// </summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<int, Connection> _connections = new();
    private int _accepted;

    public ScriptedBroker()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The reason code of CONNACK.</summary>
    public byte ConnackCode { get; set; }

    public bool SessionPresent { get; set; }

    /// <summary>Properties of CONNACK (MQTT 5).</summary>
    public byte[] ConnackProperties { get; set; } = [];

    /// <summary>The code of every SUBACK; null grants what was asked.</summary>
    public byte? SubackCode { get; set; }

    /// <summary>Otherwise a test sends the CONNACK itself.</summary>
    public bool AnswersConnect { get; set; } = true;

    public bool AnswersSubscribe { get; set; } = true;

    /// <summary>The code of every UNSUBACK (MQTT 5).</summary>
    public byte UnsubackCode { get; set; }

    public bool AnswersPings { get; set; } = true;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The newest connection that has subscribed.</summary>
    public Connection Last => _connections.Values.Where(connection => connection.HasSubscribed).MaxBy(connection => connection.Number)
        ?? throw new InvalidOperationException("Nobody has subscribed.");

    /// <summary>All connections in the order in which they came.</summary>
    public IReadOnlyList<Connection> All => [.. _connections.Values.OrderBy(connection => connection.Number)];

    public int Subscribed => _connections.Values.Count(connection => connection.HasSubscribed);

    public Task SubscribedAsync(int times = 1) => Eventually.TrueAsync(() => Subscribed >= times, $"{times} connections have subscribed");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        foreach (var connection in _connections.Values)
        {
            connection.Drop();
        }

        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                var connection = new Connection(this, socket, Interlocked.Increment(ref _accepted));
                _connections[connection.Number] = connection;
                _ = connection.ServeAsync();
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // However it ended: it was told to, and a listener has more than one exception for that.
        }
    }

    /// <summary>A packet that a client sent.</summary>
    public sealed record Packet(byte Header, byte[] Body)
    {
        public int Type => Header >> 4;

        public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Body);
    }

    /// <summary>One connection of a client.</summary>
    public sealed class Connection(ScriptedBroker broker, Socket socket, int number) : IDisposable
    {
        private readonly NetworkStream _stream = new(socket, ownsSocket: true);
        private bool _modern = true;

        public int Number => number;

        public bool HasSubscribed { get; private set; }

        public bool IsClosed { get; private set; }

        /// <summary>Whether the client reset the connection, as a kernel does where bytes lie unread, instead of closing it.</summary>
        public bool WasReset { get; private set; }

        public ConcurrentQueue<Packet> Received { get; } = new();

        /// <summary>Whether the client called itself so and then gave its session up (MQTT 5).</summary>
        public bool GaveUpSessionOf(string clientId) =>
            Received.FirstOrDefault() is { Type: 1 } connect && connect.Body.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(clientId)) >= 0
            && Received.Any(packet => packet.Type == 14 && packet.Body.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0, 5, 0x11, 0, 0, 0, 0]));

        /// <summary>The ids of the PUBACKs, in order.</summary>
        public IReadOnlyList<int> Acknowledged => [.. Received.Where(packet => packet.Type == 4).Select(packet => (int)packet.Id)];

        public Task SendAsync(params byte[] bytes) => _stream.WriteAsync(bytes).AsTask();

        public Task PublishAsync(ushort id, string payload, int qos = 1, bool duplicate = false, string topic = "a", byte[]? properties = null) =>
            SendAsync(Publish(id, payload, qos, duplicate, topic, _modern ? properties ?? [] : null));

        public async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var packet = await ReadAsync();
                    Received.Enqueue(packet);
                    await AnswerAsync(packet);
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                WasReset = exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset };

                // Whatever it still had to send: a client that closes its side is not waited for.
                IsClosed = true;
                Dispose();
            }
        }

        public void Drop() => Dispose();

        public void Dispose() => _stream.Dispose();

        private static byte[] Publish(ushort id, string payload, int qos, bool duplicate, string topic, byte[]? properties)
        {
            List<byte> body = [0, (byte)topic.Length, .. Encoding.UTF8.GetBytes(topic)];
            if (qos > 0)
            {
                body.AddRange([(byte)(id >> 8), (byte)id]);
            }

            if (properties is not null)
            {
                body.AddRange([(byte)properties.Length, .. properties]);
            }

            body.AddRange(Encoding.UTF8.GetBytes(payload));
            Assert.True(body.Count < 128, "the scripted broker writes short packets only");
            return [(byte)(0x30 | (duplicate ? 8 : 0) | qos << 1), (byte)body.Count, .. body];
        }

        private async Task<Packet> ReadAsync()
        {
            var one = new byte[1];
            await _stream.ReadExactlyAsync(one);
            var header = one[0];
            var length = 0;
            var shift = 0;
            do
            {
                await _stream.ReadExactlyAsync(one);
                length |= (one[0] & 0x7F) << shift;
                shift += 7;
            }
            while (one[0] >= 0x80);
            var body = new byte[length];
            await _stream.ReadExactlyAsync(body);
            return new Packet(header, body);
        }

        private async Task AnswerAsync(Packet packet)
        {
            switch (packet.Type)
            {
                case 1:
                    _modern = packet.Body[6] == 5;
                    if (!broker.AnswersConnect)
                    {
                        break;
                    }

                    byte[] properties = _modern ? [(byte)broker.ConnackProperties.Length, .. broker.ConnackProperties] : [];
                    await SendAsync(
                        [0x20, (byte)(2 + properties.Length), (byte)(broker.SessionPresent ? 1 : 0), broker.ConnackCode, .. properties]);
                    break;
                case 8:
                    var codes = Codes(packet.Body);
                    byte[] none = _modern ? [0] : [];
                    if (broker.AnswersSubscribe)
                    {
                        await SendAsync([0x90, (byte)(2 + none.Length + codes.Length), packet.Body[0], packet.Body[1], .. none, .. codes]);
                    }

                    HasSubscribed = true;
                    break;
                case 10:
                    byte[] rest = _modern ? [0, .. Enumerable.Repeat(broker.UnsubackCode, Filters(packet.Body))] : [];
                    await SendAsync([0xB0, (byte)(2 + rest.Length), packet.Body[0], packet.Body[1], .. rest]);
                    break;
                case 12 when broker.AnswersPings:
                    await SendAsync(0xD0, 0);
                    break;
            }
        }

        private static int Filters(byte[] body)
        {
            var filters = 0;
            for (var at = 3 + body[2]; at < body.Length; filters++)
            {
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at));
            }

            return filters;
        }

        private byte[] Codes(byte[] body)
        {
            var codes = new List<byte>();
            for (var at = _modern ? 3 + body[2] : 2; at < body.Length;)
            {
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at));
                codes.Add(broker.SubackCode ?? (byte)(body[at] & 3));
                at++;
            }

            return [.. codes];
        }
    }
}
