using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace Portal.Server.Hosting;

/// <summary>
/// Which reverse proxies are believed when they say for whom they ask. From anybody else these headers would let a stranger choose the
/// address that stands in the audit and that the limit of sign-ins counts.
/// </summary>
internal static class KnownProxies
{
    public const string Setting = "Proxies:Known";

    /// <summary>Believes the named proxies; adds nothing when none is named.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in Entries(app.Configuration))
        {
            if (IPAddress.TryParse(entry, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else if (System.Net.IPNetwork.TryParse(entry, out var network))
            {
                options.KnownIPNetworks.Add(network);
            }
        }

        if (options.KnownProxies.Count + options.KnownIPNetworks.Count > 0)
        {
            app.UseForwardedHeaders(options);
        }
    }

    /// <summary>The entries that are neither an address nor a network, each with the setting.</summary>
    public static IEnumerable<string> Errors(IConfiguration settings) =>
        Entries(settings)
            .Where(entry => !IPAddress.TryParse(entry, out _) && !System.Net.IPNetwork.TryParse(entry, out _))
            .Select(wrong => $"{Setting} names '{wrong}', which is neither an IP address nor a network as in 10.0.0.0/8. Separate several with commas.");

    private static string[] Entries(IConfiguration settings) =>
        (settings[Setting] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries);
}
