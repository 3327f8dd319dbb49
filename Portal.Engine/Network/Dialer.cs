using System.Net;
using System.Net.Sockets;

namespace Portal.Engine.Network;

/// <summary>Resolves host names and opens TCP connections, and says exactly why it cannot.</summary>
internal sealed class Dialer(TimeProvider time)
{
    /// <summary>How long one answer is waited for; shorter than a stage, so that the stage can say who did not answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The addresses of a host, or why there are none.</summary>
    public async Task<(IPAddress[] Addresses, NetworkFault? Fault)> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return ([literal], null);
        }

        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, either.Token).WaitAsync(either.Token);
            return addresses.Length > 0 ? (addresses, null) : ([], Unknown(host));
        }
        catch (SocketException cause) when (cause.SocketErrorCode == SocketError.TryAgain)
        {
            return ([], new NetworkFault(
                "name-server",
                $"No name server answered the question for {host}.",
                "Check the network of this machine and its name server, or use an IP address."));
        }
        catch (SocketException)
        {
            return ([], Unknown(host));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ([], new NetworkFault(
                "name-server",
                $"No name server answered the question for {host} in {Patience.TotalSeconds:0} s.",
                "Check the network of this machine and its name server, or use an IP address."));
        }
    }

    /// <summary>A connection to the first of the addresses that takes one, all tried at once; or why none does.</summary>
    public async Task<(Socket? Socket, NetworkFault? Fault)> ConnectAsync(
        string host, int port, IReadOnlyList<IPAddress> addresses, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tries = addresses.Select(address => ConnectAsync(host, new IPEndPoint(address, port), done.Token)).ToList();
        NetworkFault? fault = null;
        while (tries.Count > 0)
        {
            var ended = await Task.WhenAny(tries);
            tries.Remove(ended);
            var (socket, cause) = await ended;
            if (socket is not null)
            {
                await done.CancelAsync();
                foreach (var (late, _) in await Task.WhenAll(tries))
                {
                    late?.Dispose();
                }

                return (socket, null);
            }

            fault ??= cause;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return (null, fault);
    }

    private async Task<(Socket? Socket, NetworkFault? Fault)> ConnectAsync(string host, IPEndPoint at, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(at, either.Token);
            return (socket, null);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            return (null, new NetworkFault(
                "no-answer",
                $"{Name(host, at)} did not answer in {Patience.TotalSeconds:0} s.",
                "A firewall probably drops packets on the way, or the machine is off. Check address, port and the rules between here and there."));
        }
        catch (SocketException cause)
        {
            socket.Dispose();
            return (null, Explain(host, at, cause));
        }
    }

    private static NetworkFault Explain(string host, IPEndPoint at, SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new NetworkFault(
            "refused-port",
            $"{Name(host, at)} refused the connection: nothing listens there.",
            "Check the port, and whether the server is running and listens on this address."),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => new NetworkFault(
            "unreachable",
            $"There is no route to {Name(host, at)}.",
            "Check the address and the network of this machine."),
        _ => new NetworkFault(
            "unreachable",
            $"{Name(host, at)} cannot be reached: {cause.Message}.",
            "Check address, port and the network between here and there."),
    };

    private static NetworkFault Unknown(string host) => new(
        "unknown-host", $"{host} has no address: the name is not known here.", "Check the spelling, or use an IP address.");

    private static string Name(string host, IPEndPoint at) => at.Address.ToString() == host ? at.ToString() : $"{host} ({at})";
}
