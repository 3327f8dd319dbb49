namespace Portal.Sandbox;

/// <summary>A configured port is taken by another program. The message names the setting to change.</summary>
public sealed class PortInUseException(int port, string setting, Exception cause) : IOException(
    $"Port {port} is in use: change {SandboxOptions.Section}:{setting} in appsettings.json, or set {SandboxOptions.Section}:Enabled to false.",
    cause)
{
    /// <summary>The port.</summary>
    public int Port { get; } = port;

    /// <summary>The setting, for example <c>Sandbox:MqttPort</c>.</summary>
    public string Setting { get; } = $"{SandboxOptions.Section}:{setting}";
}
