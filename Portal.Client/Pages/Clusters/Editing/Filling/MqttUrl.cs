using Portal.Client.Contracts;

namespace Portal.Client.Pages.Clusters.Editing.Filling;

/// <summary>Reads addresses as brokers' pages and clients write them, for example <c>mqtts://user@host:8883</c>.</summary>
public static class MqttUrl
{
    /// <summary>Fills the endpoints from one or more URLs, separated by commas, spaces or lines.</summary>
    public static Pasted<MqttClusterDraft> Read(string text, MqttClusterDraft draft)
    {
        var endpoints = new List<ClusterEndpoint>();
        var notes = new List<string>();
        foreach (var part in text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Endpoint(part, notes) is { } endpoint && !endpoints.Contains(endpoint))
            {
                endpoints.Add(endpoint);
            }
        }

        if (endpoints.Count == 0 && notes.Count == 0)
        {
            notes.Add("Paste an address such as mqtts://broker.example:8883.");
        }

        return new(endpoints.Count > 0 ? draft with { Endpoints = endpoints } : null, [.. notes.Distinct()]);
    }

    private static ClusterEndpoint? Endpoint(string text, List<string> notes)
    {
        var (scheme, usualPort) = text.Split("://")[0].ToLowerInvariant() switch
        {
            "mqtt" or "tcp" => (EndpointTransport.Tcp, 1883),
            "mqtts" or "tls" or "ssl" => (EndpointTransport.Tls, 8883),
            "ws" => (EndpointTransport.Ws, 80),
            "wss" => (EndpointTransport.Wss, 443),
            _ => ((EndpointTransport?)null, 0),
        };
        if (scheme is not { } transport || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            // Whole, it may hold a password.
            notes.Add(text.Contains("://", StringComparison.Ordinal)
                ? $"An address that begins with {text[..(text.IndexOf("://", StringComparison.Ordinal) + 3)]} was not understood: use mqtt://, mqtts://, ws:// or wss:// and a host."
                : "An address without a scheme was not understood: begin it with mqtt://, mqtts://, ws:// or wss://.");
            return null;
        }

        if (url.UserInfo.Length > 0)
        {
            notes.Add(url.UserInfo.Contains(':')
                ? "User name and password belong to the connection: give them there."
                : "The user name belongs to the connection: give it there.");
        }

        var isWebSocket = transport is EndpointTransport.Ws or EndpointTransport.Wss;
        return new ClusterEndpoint(
            transport,
            url.Host.Trim('[', ']'),
            url.Port > 0 ? url.Port : usualPort,
            !isWebSocket ? null : url.PathAndQuery is "/" or "" ? "/mqtt" : url.PathAndQuery);
    }
}
