using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portal.Engine.Probing;
using Portal.Engine.Probing.Kafka;
using Portal.Engine.Probing.Mqtt;
using Portal.Engine.Specs;
using Portal.Tests.Engine.Probing.Mqtt;
using Portal.Tests.Fakes;
using Portal.Tests.Fixtures;

namespace Portal.Tests.Engine.Probing.Faults;

/// <summary>What a row of a fault table makes things wrong with. The last port that was made is the one that its text speaks of.</summary>
internal sealed class FaultRig : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _ports = [];
    private readonly List<IDisposable> _others = [];

    public FaultRig()
    {
        Root = Keep(new TestCertificates("Acme Root"));
        Stranger = Keep(new TestCertificates("Other Root"));
        Expired = Keep(new TestCertificates("Old Root", notAfter: DateTimeOffset.UtcNow.AddDays(-2)));
        Future = Keep(new TestCertificates("New Root", notBefore: DateTimeOffset.UtcNow.AddDays(2)));
    }

    /// <summary>The authority that the probes are told to trust.</summary>
    public TestCertificates Root { get; }

    /// <summary>One that they are not.</summary>
    public TestCertificates Stranger { get; }

    /// <summary>One that expired two days ago, and whose certificates did not.</summary>
    public TestCertificates Expired { get; }

    /// <summary>One that becomes valid in two days, and whose certificates are.</summary>
    public TestCertificates Future { get; }

    public string Host { get; private set; } = "127.0.0.1";

    /// <summary>The port that was made before the last one.</summary>
    public int OtherPort { get; private set; }

    public int Port { get; private set; }

    public string At => $"{Host}:{Port}";

    /// <summary>Nothing listens there.</summary>
    public FaultRig Closed() => On(FreePort.Next());

    /// <summary>Takes connections and says nothing.</summary>
    public FaultRig Silent() => On(ScriptedPort.Silent());

    /// <summary>Reads something and closes.</summary>
    public FaultRig Closing() => On(ScriptedPort.Closing());

    /// <summary>Answers whatever comes so.</summary>
    public FaultRig Answering(string bytes) => On(ScriptedPort.Answering(Encoding.Latin1.GetBytes(bytes)));

    public FaultRig Serving(Func<Stream, CancellationToken, Task> serve) => On(ScriptedPort.Serving(serve));

    public FaultRig Broker(BrokenBroker broker) => Serving(broker.ServeAsync);

    /// <summary>Opens the WebSocket that is asked for; then goes on inside of it.</summary>
    public FaultRig Web(Func<Stream, CancellationToken, Task> then) => Serving(async (stream, token) =>
    {
        var request = new byte[4096];
        var length = 0;
        while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            length += await stream.ReadAtLeastAsync(request.AsMemory(length), 1, cancellationToken: token);
        }

#pragma warning disable CA5350 // RFC 6455, section 4.2.2, asks for SHA-1.
        var key = Encoding.ASCII.GetString(request, 0, length).Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))[19..];
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        var answer = $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, SubProtocol = "mqtt" });
        await using var inside = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        await then(inside, token);
    });

    public FaultRig WebBroker(BrokenBroker broker) => Web(broker.ServeAsync);

    /// <summary>Shakes hands by TLS with a certificate of <see cref="Root"/> for 127.0.0.1, unless another is given; then goes on as a broker.</summary>
    public FaultRig Secure(
        X509Certificate2? certificate = null, Func<Stream, CancellationToken, Task>? then = null, bool wantsClientCertificate = false, bool onlyTls12 = false) =>
        On(ScriptedPort.Secure(certificate ?? Root.Issue("127.0.0.1"), then ?? new BrokenBroker().ServeAsync, wantsClientCertificate, onlyTls12));

    /// <summary>A port whose queue is full: connection attempts are dropped without a word, as a firewall does it.</summary>
    public FaultRig Dropping()
    {
        var listener = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        for (var i = 0; i < 4; i++)
        {
            var filler = Keep(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false });
            try
            {
                filler.Connect(listener.LocalEndPoint!);
            }
            catch (SocketException)
            {
                // Under way, which is all that is needed.
            }
        }

        return On(((IPEndPoint)listener.LocalEndPoint!).Port);
    }

    /// <summary>A Kafka that offers these mechanisms only.</summary>
    public FaultRig KafkaOffering(params string[] mechanisms) => Serving(async (stream, token) =>
    {
        var request = new byte[4096];
        await stream.ReadAtLeastAsync(request, 12, cancellationToken: token);
        await AnswerAsync([0, 0, 0, 0, 0, 1, 0, 17, 0, 0, 0, 1]);
        await stream.ReadAtLeastAsync(request, 12, cancellationToken: token);
        var body = new List<byte> { 0, 33, 0, 0, 0, (byte)mechanisms.Length };
        foreach (var mechanism in mechanisms)
        {
            body.AddRange([0, (byte)mechanism.Length, .. Encoding.ASCII.GetBytes(mechanism)]);
        }

        await AnswerAsync([.. body]);

        async Task AnswerAsync(byte[] body)
        {
            var answer = new byte[8 + body.Length];
            BinaryPrimitives.WriteInt32BigEndian(answer, 4 + body.Length);
            request.AsSpan(8, 4).CopyTo(answer.AsSpan(4));
            body.CopyTo(answer, 8);
            await stream.WriteAsync(answer, token);
        }
    });

    /// <summary>librdkafka's own cluster, with these topics.</summary>
    public FaultRig MockKafka(int brokers = 1, Action<MockKafka>? with = null, IReadOnlyList<string>? topics = null)
    {
        var kafka = Keep(new MockKafka(brokers));
        foreach (var topic in topics ?? [])
        {
            kafka.CreateTopic(topic);
        }

        On(int.Parse(kafka.Bootstrap.Split(',')[0].Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        with?.Invoke(kafka);
        return this;
    }

    /// <summary>A cluster of two behind TLS, whose second broker shows this certificate. The port is that of the first.</summary>
    public FaultRig SecureKafka(X509Certificate2 ofSecond)
    {
        var kafka = Keep(new MockKafka(2));
        kafka.CreateTopic("t");
        X509Certificate2[] certificates = [Root.Issue("127.0.0.1"), ofSecond];
        var first = 0;
        foreach (var (index, address) in kafka.Bootstrap.Split(',').Index())
        {
            On(ScriptedPort.Secure(certificates[index], (stream, token) => RelayAsync(stream, IPEndPoint.Parse(address), token)));
            kafka.Advertise(index + 1, "127.0.0.1", Port);
            first = index == 0 ? Port : first;
        }

        return On(first);
    }

    /// <summary>Nothing listens at 1884 of this loopback address, but at these.</summary>
    public FaultRig Usual(string host, params int[] ports)
    {
        foreach (var port in ports)
        {
            On(ScriptedPort.Serving((_, _) => Task.CompletedTask, new IPEndPoint(IPAddress.Parse(host), port)));
        }

        return On(1884).Named(host);
    }

    /// <summary>Another name or address for this machine.</summary>
    public FaultRig Named(string host)
    {
        Host = host;
        return this;
    }

    /// <summary>Probes the port as an MQTT broker.</summary>
    public Probing Mqtt(
        MqttTransport transport = MqttTransport.Tcp, MqttProtocol protocol = MqttProtocol.V5, Func<MqttBrokerSpec, MqttBrokerSpec>? with = null)
    {
        var broker = ProbeRun.At(Port, protocol, transport, Host) with { Tls = new TlsSpec { CaPem = Root.AuthorityPem } };
        broker = with?.Invoke(broker) ?? broker;
        return (time, token) => new MqttProbe(time).ProbeAsync(broker, userFollows: false, token);
    }

    /// <summary>Probes the port as a Kafka.</summary>
    public Probing Kafka(
        KafkaSecurity security = KafkaSecurity.Plaintext, KafkaProbeTarget? target = null, Func<KafkaSpec, KafkaSpec>? with = null)
    {
        var kafka = new KafkaSpec { BootstrapServers = At, Security = security, UserName = "tester", Password = "secret", CaPem = Root.AuthorityPem };
        kafka = with?.Invoke(kafka) ?? kafka;
        return (time, token) => new KafkaProbe(time).ProbeAsync(kafka, target ?? new KafkaProbeTarget { Topics = ["t"] }, token);
    }

    /// <summary>A client certificate of this authority, as a broker's TLS settings offer it.</summary>
    public TlsSpec Offering(TestCertificates authority)
    {
        using var own = authority.Issue("connector");
        return new TlsSpec
        {
            CaPem = Root.AuthorityPem,
            ClientCertificatePem = own.ExportCertificatePem(),
            ClientKeyPem = own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var port in _ports)
        {
            await port.DisposeAsync();
        }

        _others.ForEach(other => other.Dispose());
    }

    private static async Task RelayAsync(Stream near, IPEndPoint to, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(to, cancellationToken);
        await using var far = new NetworkStream(socket);
        await await Task.WhenAny(near.CopyToAsync(far, cancellationToken), far.CopyToAsync(near, cancellationToken));
    }

    private FaultRig On(ScriptedPort port)
    {
        _ports.Add(port);
        return On(port.Port);
    }

    private FaultRig On(int port)
    {
        (OtherPort, Port) = (Port, port);
        return this;
    }

    private T Keep<T>(T other)
        where T : IDisposable
    {
        _others.Add(other);
        return other;
    }
}
