using System.Net;
using System.Net.Sockets;

namespace Portal.Tests.Fixtures;

/// <summary>
/// Ports to listen on for what is told its port beforehand. Below those that the system gives to outgoing connections and to listeners that
/// ask for any: one of those may take a free port before its owner does, or between a stop and the next start.
/// </summary>
public static class FreePort
{
    private static int _last = Random.Shared.Next(12_000);

    /// <summary>A port of 127.0.0.1 that nobody listens on. Never the same twice, for whoever was given it may not have begun to listen.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = 20_000 + (Interlocked.Increment(ref _last) % 12_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
