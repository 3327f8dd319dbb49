using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using MQTTnet.Packets;
using Portal.Engine.Network;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>
/// Finds out, on connections of its own, what a port is when it is not what was asked for. It never sends credentials: what it talks to may
/// not be the broker.
/// </summary>
internal sealed class PortDetective(MqttEndpoint endpoint, IReadOnlyList<IPAddress> addresses, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly (int Port, string Kind)[] WellKnown =
        [(1883, "plain MQTT"), (8883, "MQTT over TLS"), (8083, "WebSocket"), (8084, "WebSocket over TLS")];

    /// <summary>The usual ports of a broker that take connections on this host, asked in words whether one is meant; null when none does.</summary>
    public async Task<string?> OpenSiblingsAsync(CancellationToken cancellationToken)
    {
        var tries = WellKnown.Where(sibling => sibling.Port != endpoint.Port).Select(async sibling =>
            await WithinPatienceAsync<string?>(
                async token =>
                {
                    await using var stream = await DialAsync(sibling.Port, token);
                    return $"{sibling.Port} ({sibling.Kind})";
                },
                null,
                cancellationToken));
        var open = (await Task.WhenAll(tries)).OfType<string>().ToArray();
        return open switch
        {
            [] => null,
            [var one] => $"{one} answers: did you mean it?",
            [.. var most, var last] => $"{string.Join(", ", most)} and {last} answer: did you mean one of them?",
        };
    }

    /// <summary>Whether the port shakes hands by TLS, with whatever certificate.</summary>
    public Task<bool> SpeaksTlsAsync(CancellationToken cancellationToken) => WithinPatienceAsync(
        async token =>
        {
            await using var stream = new SslStream(await DialAsync(endpoint.Port, token));
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = endpoint.Host,
                // Nothing is sent over it: that there is a certificate is all that is asked.
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            };
            await stream.AuthenticateAsClientAsync(options, token);
            return true;
        },
        false,
        cancellationToken);

    /// <summary>What the port answers to a plain CONNECT without credentials.</summary>
    public Task<WireResult> GreetAsync(MqttProtocol protocol, CancellationToken cancellationToken) => WithinPatienceAsync(
        async token =>
        {
            await using var wire = new ProbeWire(await DialAsync(endpoint.Port, token), protocol, time);
            var connect = new MqttConnectPacket { ClientId = $"probe{Guid.NewGuid():N}"[..17], CleanSession = true, KeepAlivePeriod = 10 };
            await wire.SendAsync(connect, token);
            return await wire.ReadAsync(Patience, token);
        },
        new WireResult(WireAnswer.Closed),
        cancellationToken);

    /// <summary>Whether the broker answers a CONNECT of this version with anything but that it does not speak it.</summary>
    public async Task<bool> SpeaksAsync(MqttProtocol protocol, CancellationToken cancellationToken) =>
        await GreetAsync(protocol, cancellationToken) is { Answer: WireAnswer.Packet, PacketType: 2, Body: [_, not (1 or 0x84), ..] };

    private async Task<NetworkStream> DialAsync(int port, CancellationToken cancellationToken)
    {
        var (socket, fault) = await new Dialer(time).ConnectAsync(endpoint.Host, port, addresses, cancellationToken);
        return socket is not null ? new NetworkStream(socket, ownsSocket: true) : throw new IOException(fault!.Text);
    }

    private async Task<T> WithinPatienceAsync<T>(Func<CancellationToken, Task<T>> ask, T otherwise, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return otherwise;
        }
        catch (Exception cause) when (cause is IOException or AuthenticationException)
        {
            return otherwise;
        }
    }
}
