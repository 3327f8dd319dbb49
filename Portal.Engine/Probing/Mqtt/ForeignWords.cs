using System.Text;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>Says what a port speaks that does not speak MQTT, from its first bytes.</summary>
internal static class ForeignWords
{
    private const int ShownCharacters = 40;

    public static StageOutcome Explain(string address, ReadOnlySpan<byte> bytes) => bytes switch
    {
        [(byte)'H', (byte)'T', (byte)'T', (byte)'P', ..] => StageOutcome.Failed(
            "http-port",
            $"A web server answers at {address}, not an MQTT broker.",
            "Check the port: 1883 is usual for MQTT. If the broker takes WebSockets there, choose the transport ws."),
        [0x15 or 0x16, 3, ..] => StageOutcome.Failed(
            "tls-port",
            $"{address} speaks TLS, the endpoint does not use it.",
            "Choose the transport tls, or the broker's plain port (1883 is usual)."),
        _ => StageOutcome.Failed(
            "garbage",
            $"{address} answers, but not with MQTT: {Show(bytes)}",
            "Check the port: another program listens there."),
    };

    private static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, ShownCharacters)]).TrimEnd();
        return text.Length > 0 && text.All(character => character is >= ' ' and <= '~')
            ? $"it says \"{text}\"."
            : $"its first bytes are {Convert.ToHexString(bytes[..Math.Min(bytes.Length, ShownCharacters / 2)])}.";
    }
}
