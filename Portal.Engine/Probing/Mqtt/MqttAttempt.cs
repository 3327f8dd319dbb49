using System.Net;
using System.Net.Sockets;
using MQTTnet.Packets;
using Portal.Engine.Network;
using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>One endpoint of a broker, probed on one connection: each stage goes on with what the one before left.</summary>
internal sealed class MqttAttempt(MqttBrokerSpec broker, MqttEndpoint endpoint, bool userFollows, TimeProvider time) : IAsyncDisposable
{
    private const int ConnackType = 2;

    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(200);

    // The session expiry of 0 ends the session, whatever was granted.
    private static readonly byte[] Goodbye5 = [0xE0, 0x07, 0x00, 0x05, 0x11, 0, 0, 0, 0];
    private static readonly byte[] Goodbye3 = [0xE0, 0x00];

    private readonly string _id = Guid.NewGuid().ToString("N")[..12];
    private IPAddress[] _addresses = [];
    private Socket? _socket;
    private Stream? _stream;
    private ProbeWire? _wire;
    private GroupTrial? _trial;
    private BrokerFacts? _facts;

    /// <summary>What the broker says about itself; null before it let the probe in.</summary>
    public BrokerFacts? Facts => _facts is null ? null : _facts with { GrantedQos = _trial?.GrantedQos };

    public IReadOnlyList<ProbeStage> Stages =>
    [
        new("resolve", "Resolve the host name", ResolveAsync),
        new("port", $"Reach {endpoint}", ReachAsync),
        new("tls", "Check TLS", SecureAsync),
        new("sign-in", "Sign in", SignInAsync),
        new("subscribe", "Subscribe in a shared group", token => _trial?.SubscribeAsync(token) ?? NeedsUser, EndsOnFailure: false),
        new("verdict", "Judge whether at least once holds", token => _trial?.JudgeAsync(token) ?? NeedsUser, OutOfTime: () => _trial!.OutOfTime()),
    ];

    /// <summary>Says goodbye, if anybody listens, and closes. Nothing stays at the broker.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_trial is not null)
        {
            using var limit = new CancellationTokenSource(GoodbyeLimit, time);
            try
            {
                await _wire!.SendAsync(broker.Protocol == MqttProtocol.V5 ? Goodbye5 : Goodbye3, limit.Token);
            }
            catch (Exception cause) when (
                cause is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The connection is gone, and the clean session with it.
            }
        }

        if (_wire is not null)
        {
            await _wire.DisposeAsync();
        }
        else if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _socket?.Dispose();
    }

    private TlsDialer Tls => new(nameIsSetting: true, time);

    private PortDetective Detective => new(endpoint, _addresses, time);

    private string Address => $"{endpoint.Host}:{endpoint.Port}";

    private async Task<StageOutcome> ResolveAsync(CancellationToken cancellationToken)
    {
        (_addresses, var fault) = await new Dialer(time).ResolveAsync(endpoint.Host, cancellationToken);
        if (fault is not null)
        {
            return Failed(fault);
        }

        return StageOutcome.Passed(IPAddress.TryParse(endpoint.Host, out _)
            ? $"{endpoint.Host} is an address, nothing to resolve."
            : $"{endpoint.Host} is {string.Join(", ", _addresses.Select(address => address.ToString()))}.");
    }

    private async Task<StageOutcome> ReachAsync(CancellationToken cancellationToken)
    {
        (_socket, var fault) = await new Dialer(time).ConnectAsync(endpoint.Host, endpoint.Port, _addresses, cancellationToken);
        if (fault is null)
        {
            _stream = new NetworkStream(_socket!, ownsSocket: true);
            return StageOutcome.Passed($"{_socket!.RemoteEndPoint} takes connections.");
        }

        return fault.Code == "refused-port" && await Detective.OpenSiblingsAsync(cancellationToken) is { } open
            ? StageOutcome.Failed(fault.Code, $"{fault.Text}\nOn this host {open}", fault.Advice)
            : Failed(fault);
    }

    private async Task<StageOutcome> SecureAsync(CancellationToken cancellationToken)
    {
        if (!endpoint.IsSecure)
        {
            return StageOutcome.Skipped("The endpoint does not use TLS: passwords and messages travel in clear.");
        }

        var (stream, agreed, fault) = await Tls.HandshakeAsync(_socket!, endpoint.Host, endpoint.Port, broker.Tls ?? new TlsSpec(), cancellationToken);
        if (fault is null)
        {
            _stream = stream;
            return StageOutcome.Passed($"{agreed}.");
        }

        return fault.Code is "tls-failed" or "no-answer" && await ExplainNoTlsAsync(cancellationToken) is { } plain ? plain : Failed(fault);
    }

    private async Task<StageOutcome?> ExplainNoTlsAsync(CancellationToken cancellationToken)
    {
        var answer = await Detective.GreetAsync(broker.Protocol, cancellationToken);
        return answer switch
        {
            { Answer: WireAnswer.Packet, PacketType: ConnackType } => StageOutcome.Failed(
                "plain-port",
                $"{Address} speaks plain MQTT, not TLS.",
                "Choose the transport tcp, or the broker's TLS port (8883 is usual)."),
            { Answer: WireAnswer.Foreign, Body: [(byte)'H', (byte)'T', (byte)'T', (byte)'P', ..] } => StageOutcome.Failed(
                "http-port",
                $"{Address} speaks plain HTTP, not TLS.",
                "Check the port. If the broker takes WebSockets there, choose the transport ws."),
            _ => null,
        };
    }

    private async Task<StageOutcome> SignInAsync(CancellationToken cancellationToken)
    {
        var (stream, fault) = await MqttTransportDialer.OpenAsync(_stream!, endpoint, cancellationToken);
        if (fault is not null)
        {
            if (endpoint.IsSecure)
            {
                return Failed(await ObjectionAsync(cancellationToken) ?? fault);
            }

            return await Detective.SpeaksTlsAsync(cancellationToken) ? TlsPort() : Failed(fault);
        }

        _wire = new ProbeWire(stream!, broker.Protocol, time);
        var answer = await ConnectAsync(_wire, cancellationToken);
        if (answer is { Answer: WireAnswer.Packet, PacketType: ConnackType }
            && ConnackFacts.Read(answer.Body, broker.Protocol == MqttProtocol.V5) is { } facts)
        {
            if (facts.ReasonCode != 0)
            {
                return userFollows && ConnackWords.WantsUser(facts) is { } wants ? wants : ConnackWords.Refused(facts, broker.Protocol, broker.UserName);
            }

            _facts = ConnackWords.Facts(facts, broker.Protocol);
            _trial = new GroupTrial(_wire, facts, _id, broker.UserName);
            return ConnackWords.Accepted(facts, broker.Protocol, broker.UserName);
        }

        return answer.Answer switch
        {
            WireAnswer.Foreign or WireAnswer.Packet => ForeignWords.Explain(Address, answer.Body ?? []),
            WireAnswer.Closed when endpoint.IsSecure && await ObjectionAsync(cancellationToken) is { } objection => Failed(objection),
            _ when !endpoint.IsSecure && await ExplainNoMqttAsync(cancellationToken) is { } cause => cause,
            WireAnswer.Closed => StageOutcome.Failed(
                "closed",
                $"{Address} closed the connection instead of answering CONNECT.",
                endpoint.IsSecure
                    ? "The broker may want a client certificate, or refuse the user without words. Its log says more."
                    : "Check that an MQTT broker listens there. Some refuse a user or client id without words: their log says more."),
            _ => StageOutcome.Failed(
                "silent",
                $"{Address} took the connection, but did not answer CONNECT in {Dialer.Patience.TotalSeconds:0} s.",
                "Check that an MQTT broker listens on this port, and that it is alive."),
        };
    }

    private async Task<StageOutcome?> ExplainNoMqttAsync(CancellationToken cancellationToken)
    {
        var speaksTls = Detective.SpeaksTlsAsync(cancellationToken);
        var speaksOther = endpoint.Transport == MqttTransport.Tcp
            ? Detective.SpeaksAsync(Other, cancellationToken)
            : Task.FromResult(false);
        if (await speaksTls)
        {
            return TlsPort();
        }

        return await speaksOther ? ConnackWords.OtherVersion(broker.Protocol, "it answers only the other version") : null;
    }

    private async Task<WireResult> ConnectAsync(ProbeWire wire, CancellationToken cancellationToken)
    {
        try
        {
            await wire.SendAsync(
                new MqttConnectPacket
                {
                    ClientId = $"probe{_id}",
                    CleanSession = true,
                    KeepAlivePeriod = ConnackWords.AskedKeepAlive,
                    SessionExpiryInterval = broker.Protocol == MqttProtocol.V5 ? (uint)ConnackWords.AskedExpiry.TotalSeconds : 0,
                    Username = broker.UserName,
                    Password = broker.Password is null ? null : System.Text.Encoding.UTF8.GetBytes(broker.Password),
                },
                cancellationToken);
            return await wire.ReadAsync(Dialer.Patience, cancellationToken);
        }
        catch (IOException)
        {
            return new WireResult(WireAnswer.Closed);
        }
    }

    private Task<NetworkFault?> ObjectionAsync(CancellationToken cancellationToken) =>
        Tls.ObjectionAsync(endpoint.Host, endpoint.Port, broker.Tls ?? new TlsSpec(), cancellationToken);

    private static Task<StageOutcome> NeedsUser => Task.FromResult(StageOutcome.Skipped("Needs a user: the test of a connection goes on from here."));

    private MqttProtocol Other => broker.Protocol == MqttProtocol.V5 ? MqttProtocol.V311 : MqttProtocol.V5;

    private StageOutcome TlsPort() => StageOutcome.Failed(
        "tls-port",
        $"{Address} speaks TLS, the endpoint does not use it.",
        endpoint.Transport == MqttTransport.Tcp
            ? "Choose the transport tls, or the broker's plain port (1883 is usual)."
            : "Choose the transport wss, or the broker's plain WebSocket port (8083 is usual).");

    private static StageOutcome Failed(NetworkFault fault) => StageOutcome.Failed(fault.Code, fault.Text, fault.Advice);
}
