using System.Net;
using System.Net.Sockets;

namespace Portal.Server.Hosting;

/// <summary>
/// Tries the addresses to listen on before anything else is started, so that a busy port is one line and not a stack trace.
/// </summary>
internal static class ListenAddresses
{
    public const string Setting = "Urls";
    public const string Default = "http://127.0.0.1:8080";

    /// <exception cref="StartRefusedException">With the setting, the address and the cause.</exception>
    public static void Check(IConfiguration settings)
    {
        var addresses = (settings[Setting] ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var address in addresses)
        {
            Check(BindingAddress.Parse(address), address);
        }
    }

    /// <summary>The addresses that are none, each with the setting.</summary>
    public static IEnumerable<string> Errors(IConfiguration settings) =>
        (settings[Setting] ?? Default).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(address => !IsAddress(address))
            .Select(address => $"{Setting} names '{address}', which is no address to listen on. Write it as {Default}; separate several with semicolons.");

    private static bool IsAddress(string text)
    {
        try
        {
            return BindingAddress.Parse(text) is { } address
                && (address.IsUnixPipe || address.IsNamedPipe || (address.Scheme is "http" or "https" && address.Port is >= 0 and <= 65_535 && address.Host.Length > 0));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static void Check(BindingAddress address, string text)
    {
        // Port 0 is free by definition, and a Unix socket is Kestrel's own business.
        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0)
        {
            return;
        }

        var ip = IPAddress.TryParse(address.Host, out var given) ? given
            : address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.Any;
        using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(ip, address.Port));
            socket.Listen();
        }
        catch (SocketException cause) when (cause.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartRefusedException(
                $"{Setting} is '{text}', but another program listens on port {address.Port} already. Stop it, or choose another port, for example --{Setting} http://127.0.0.1:{address.Port + 1}",
                cause);
        }
        catch (SocketException cause)
        {
            throw new StartRefusedException($"{Setting} is '{text}', where this server cannot listen: {cause.Message}", cause);
        }
    }
}
