using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using MQTTnet.Exceptions;

namespace Portal.Engine.Sources.Wire;

/// <summary>Says in words why a broker refused or a connection broke, with the code that the broker gave.</summary>
internal static class ReasonWords
{
    private const int MostOwn = 300;

    /// <summary>Whether an exception comes from the connection, not from a mistake of ours.</summary>
    public static bool IsOfConnection(Exception exception) => exception is
        IOException or SocketException or WebSocketException or AuthenticationException or MqttCommunicationException
        or OperationCanceledException or ObjectDisposedException or TimeoutException or HttpRequestException or MqttProtocolViolationException
        || (exception is NullReferenceException && exception.StackTrace?.Contains("MqttWebSocketChannel", StringComparison.Ordinal) == true);

    /// <summary>The reason of a refused CONNECT. MQTT 3.1.1 codes are below 6, those of MQTT 5 from 0x80.</summary>
    public static string Connack(byte code) => code switch
    {
        1 or 0x84 => Say("the broker does not speak this MQTT version; choose the other one for this cluster", code),
        2 or 0x85 => Say("the broker does not accept the client id", code),
        3 or 0x88 => Say("the broker is not available at present", code),
        4 or 0x86 => Say("user name or password are wrong", code),
        5 or 0x87 => Say("not authorised: user name or password are wrong, or the user may not connect with this client id", code),
        0x89 => Say("the broker is busy", code),
        0x8A => Say("the broker has banned this client", code),
        0x8C => Say("the broker wants another authentication method", code),
        0x95 => Say("the CONNECT is too large for the broker", code),
        0x97 => Say("a quota of the broker is exceeded", code),
        0x9C or 0x9D => Say("the broker asks to use another server; register that one", code),
        0x9F => Say("the broker takes no more connections at this rate", code),
        _ => Say(General(code), code),
    };

    /// <summary>The broker's own words, to be put behind ours; empty when it has none, cut where they are many: each ending is logged and kept.</summary>
    public static string Own(string? text) => text switch
    {
        null or "" => "",
        { Length: > MostOwn } => $" The broker says: {text[..MostOwn]}…",
        _ => $" The broker says: {text}",
    };

    /// <summary>The reason of a DISCONNECT by the broker.</summary>
    public static string Disconnect(byte code) => code switch
    {
        0x00 => "The broker ended the session (0x00 Normal disconnection).",
        0x87 => Say("The broker ended the session: not authorised any more", code),
        0x89 => Say("The broker ended the session: it is busy", code),
        0x8B => Say("The broker is shutting down", code),
        0x8D => Say("The broker ended the session: it heard nothing within the keep alive", code),
        SessionEnd.SessionTakenOver => Say("Another connection with the same client id took the session over", code),
        0x93 => Say("The broker ended the session: more messages than the receive maximum were open", code),
        0x95 => Say("The broker ended the session: a packet was too large", code),
        0x96 => Say("The broker ended the session: the message rate is too high", code),
        0x97 => Say("The broker ended the session: a quota is exceeded", code),
        0x98 => Say("An administrator of the broker ended the session", code),
        0x9C or 0x9D => Say("The broker ended the session and asks to use another server", code),
        0x9E => Say("The broker ended the session: it does not support shared subscriptions", code),
        0xA0 => Say("The broker ended the session: its maximum connect time is over", code),
        _ => Say($"The broker ended the session: {General(code)}", code),
    };

    /// <summary>The reason of a refused subscription.</summary>
    public static string Suback(byte code) => code switch
    {
        0x80 => Say("the broker refused the subscription without a reason; a missing right is the usual one", code),
        0x87 => Say("not authorised to subscribe to this filter", code),
        0x8F => Say("the broker does not accept this filter", code),
        0x97 => Say("a quota of the broker is exceeded", code),
        0x9E => Say("the broker does not support shared subscriptions", code),
        0xA2 => Say("the broker does not support wildcards", code),
        _ => Say(General(code), code),
    };

    /// <summary>Why a connection could not be made or broke.</summary>
    public static string Of(Exception exception) => Innermost(exception) switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "Nothing listens at that host and port (connection refused).",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "The host name is not known.",
        SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable } => "The host cannot be reached from here.",
        SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown } => "The broker closed the connection abruptly.",
        SocketException { SocketErrorCode: SocketError.TimedOut } => "The host did not answer.",
        SocketException socket => $"The connection broke: {socket.Message}.",
        AuthenticationException tls => $"TLS failed: {(tls.InnerException ?? tls).Message}",
        OperationCanceledException or TimeoutException => "No answer in time.",
        WebSocketException socket => $"The WebSocket failed: {socket.Message}",
        ObjectDisposedException => "The connection is closed.",
        var other => other.Message,
    };

    public static Exception Innermost(Exception exception) =>
        exception is AuthenticationException || exception.InnerException is null ? exception : Innermost(exception.InnerException);

    private static string General(byte code) => code switch
    {
        0x80 => "an unspecified error",
        0x81 => "it says that we sent a malformed packet",
        0x82 => "it says that we broke the protocol",
        0x83 => "an error of its own implementation",
        _ => "a reason that MQTT does not name",
    };

    private static string Say(string words, byte code) => $"{words} (0x{code:X2}).";
}
