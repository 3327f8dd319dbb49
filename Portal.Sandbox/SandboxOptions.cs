namespace Portal.Sandbox;

/// <summary>The section <c>Sandbox</c> of appsettings.json.</summary>
public sealed record SandboxOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Sandbox";

    /// <summary>Whether the embedded brokers and the simulated devices start with the server. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// The IP address that both embedded brokers listen on. Default 127.0.0.1: they are made for looking around, without TLS, so another
    /// address opens them to whoever reaches it.
    /// </summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// The port of the embedded MQTT broker. Default 11883, beside the 1883 of a broker that may be installed; 0 takes any free port.
    /// </summary>
    public int MqttPort { get; init; } = 11883;

    /// <summary>
    /// The port of the embedded Kafka. Default 19092, beside the 9092 of a Kafka that may be installed; 0 takes any free port.
    /// </summary>
    public int KafkaPort { get; init; } = 19092;

    /// <summary>
    /// How many devices publish, 0 to 1000. Default 36: half of them temperature sensors, a third vehicles, the rest plate cameras.
    /// </summary>
    public int Devices { get; init; } = 36;

    /// <summary>What all devices together publish in a second, above 0 up to 10 000. Default 40.</summary>
    public double MessagesPerSecond { get; init; } = 40;

    /// <summary>
    /// How many messages the broker keeps for one client, 1 to 10 000 000. Default 100 000. Beyond it new ones are dropped, counted, and
    /// logged once an episode.
    /// </summary>
    public int MaxPendingMessages { get; init; } = 100_000;
}
