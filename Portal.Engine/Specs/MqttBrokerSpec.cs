namespace Portal.Engine.Specs;

/// <summary>How bytes travel to an MQTT broker.</summary>
public enum MqttTransport
{
    /// <summary>Plain TCP, usually port 1883.</summary>
    Tcp,

    /// <summary>TLS over TCP, usually port 8883.</summary>
    Tls,

    /// <summary>WebSocket, usually port 8083.</summary>
    WebSocket,

    /// <summary>WebSocket over TLS, usually port 8084.</summary>
    SecureWebSocket,
}

/// <summary>The MQTT version that a client asks for in CONNECT.</summary>
public enum MqttProtocol
{
    /// <summary>MQTT 5.0.</summary>
    V5,

    /// <summary>MQTT 3.1.1.</summary>
    V311,
}

/// <summary>One address of a broker.</summary>
/// <param name="Transport">How to reach it.</param>
/// <param name="Host">Host name or IP address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Path">The request path of a WebSocket; ignored by the other transports.</param>
public sealed record MqttEndpoint(MqttTransport Transport, string Host, int Port, string Path = "/mqtt")
{
    /// <summary>Whether this endpoint is reached through TLS.</summary>
    public bool IsSecure => Transport is MqttTransport.Tls or MqttTransport.SecureWebSocket;

    /// <summary>The address as an operator writes it, for example <c>tls://broker:8883</c>.</summary>
    public override string ToString() => Transport switch
    {
        MqttTransport.Tcp => $"tcp://{Host}:{Port}",
        MqttTransport.Tls => $"tls://{Host}:{Port}",
        MqttTransport.WebSocket => $"ws://{Host}:{Port}{Path}",
        _ => $"wss://{Host}:{Port}{Path}",
    };
}

/// <summary>A version of TLS. Older ones are broken and never spoken.</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2.</summary>
    Tls12,

    /// <summary>TLS 1.3.</summary>
    Tls13,
}

/// <summary>What a TLS handshake is checked against and answers with. All certificates and keys are PEM text.</summary>
public sealed record TlsSpec
{
    /// <summary>The certificate authorities to trust; null trusts those of the machine.</summary>
    public string? CaPem { get; init; }

    /// <summary>The client certificate, or null to offer none.</summary>
    public string? ClientCertificatePem { get; init; }

    /// <summary>The private key of <see cref="ClientCertificatePem"/>, unencrypted PKCS#8 or PKCS#1.</summary>
    public string? ClientKeyPem { get; init; }

    /// <summary>The name to ask for and to check (SNI); null means the host of the endpoint.</summary>
    public string? ServerName { get; init; }

    /// <summary>The oldest version to agree on. Default TLS 1.2.</summary>
    public TlsVersion MinimumVersion { get; init; }

    /// <summary>Without the key: records print themselves into logs.</summary>
    public override string ToString() => $"TLS to {ServerName ?? "the endpoint's host"}";
}

/// <summary>A broker and the credentials to use there.</summary>
public sealed record MqttBrokerSpec
{
    /// <summary>At least one address; a session tries them in order and stays with the first that answers.</summary>
    public required IReadOnlyList<MqttEndpoint> Endpoints { get; init; }

    /// <summary>The version to speak. Default MQTT 5.</summary>
    public MqttProtocol Protocol { get; init; } = MqttProtocol.V5;

    /// <summary>Used by secure endpoints; null means the defaults of <see cref="TlsSpec"/>.</summary>
    public TlsSpec? Tls { get; init; }

    /// <summary>The user name of CONNECT, or null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password of CONNECT, or null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Without the password: records print themselves into logs.</summary>
    public override string ToString() => $"{UserName ?? "nobody"} at {string.Join(", ", Endpoints)}";
}
