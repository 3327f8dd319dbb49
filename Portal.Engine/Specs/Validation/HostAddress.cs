using System.Globalization;

namespace Portal.Engine.Specs.Validation;

/// <summary>Checks addresses as people type them.</summary>
internal static class HostAddress
{
    /// <summary>What is wrong with a host name or IP address; null when nothing is.</summary>
    public static string? CheckHost(string host)
    {
        if (host.Length == 0)
        {
            return "A host name or an IP address is needed.";
        }

        if (host.Contains("://", StringComparison.Ordinal) || host.Contains('/'))
        {
            return $"'{host}' must be a host name or an IP address alone, without scheme and path.";
        }

        return Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown ? $"'{host}' is not a host name or an IP address." : null;
    }

    /// <summary>What is wrong with a <c>host:port</c>, an IPv6 address standing in brackets; null when nothing is.</summary>
    public static string? CheckHostAndPort(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.EndsWith(']') || (address.IndexOf(':') != colon && !address.StartsWith('[')))
        {
            return $"'{address}' needs a port, as in broker-1:9092; an IPv6 address stands in brackets.";
        }

        return CheckHost(address[..colon]) ?? (TryPort(address[(colon + 1)..]) ? null : $"The port of '{address}' must be a number from 1 to 65535.");
    }

    private static bool TryPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535;
}
