using Portal.Engine.Sources.Wire;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>Says what a CONNACK means: what the broker offers, or why it refuses and what to do about it.</summary>
internal static class ConnackWords
{
    /// <summary>
    /// The session expiry that a probe asks for: what a task asks for by default, so that the answer tells what a task would get.
    /// </summary>
    public static readonly TimeSpan AskedExpiry = TimeSpan.FromHours(1);

    /// <summary>The keep alive that a probe asks for, in seconds.</summary>
    public const ushort AskedKeepAlive = 60;

    /// <summary>What an accepting CONNACK offers, as values.</summary>
    public static BrokerFacts Facts(ConnackFacts facts, MqttProtocol protocol) => protocol == MqttProtocol.V311
        ? new BrokerFacts(null) { Protocol = protocol }
        : new BrokerFacts(facts.MaximumPacketSize)
        {
            Protocol = protocol,
            MaximumQos = facts.MaximumQos,
            ReceiveMaximum = facts.ReceiveMaximum ?? ushort.MaxValue,
            SessionExpiry = Expiry(facts),
            SharedSubscriptions = facts.SharedSubscriptions,
            KeepAlive = facts.ServerKeepAlive is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

    /// <summary>What an accepting CONNACK offers, a line each.</summary>
    public static StageOutcome Accepted(ConnackFacts facts, MqttProtocol protocol, string? userName)
    {
        var user = userName is null ? "without a user name" : $"as {userName}";
        if (protocol == MqttProtocol.V311)
        {
            return StageOutcome.Passed(
                $"Signed in {user} with MQTT 3.1.1.\nMQTT 3.1.1 has no words for limits: the broker's own ones apply unseen.");
        }

        var expiry = Expiry(facts);
        string[] lines =
        [
            $"Signed in {user} with MQTT 5.",
            $"Maximum QoS: {facts.MaximumQos}",
            $"Receive maximum: {Figures.Grouped(facts.ReceiveMaximum ?? ushort.MaxValue)}",
            $"Session expiry: {Duration(expiry)} granted, {Duration(AskedExpiry)} asked for",
            $"Shared subscriptions: {(facts.SharedSubscriptions ? "offered" : "not offered")}",
            $"Maximum packet size: {(facts.MaximumPacketSize is { } size ? $"{Figures.Grouped(size)} bytes" : "no limit named")}",
            $"Keep alive: {facts.ServerKeepAlive ?? AskedKeepAlive} s{(facts.ServerKeepAlive is null ? "" : ", set by the broker")}",
        ];
        var result = string.Join('\n', lines);
        return expiry > TimeSpan.Zero
            ? StageOutcome.Passed(result)
            : StageOutcome.Warning(
                "no-sessions",
                result,
                "The broker keeps no sessions: what is published while a task is away is lost. Allow a session expiry in its settings.");
    }

    /// <summary>What to say of a broker that refused a client without a user who has yet to be named; null when it refused for another reason.</summary>
    public static StageOutcome? WantsUser(ConnackFacts facts) => facts.ReasonCode is 4 or 5 or 0x86 or 0x87
        ? StageOutcome.Warning(
            "wants-user",
            $"The broker lets no client in without a user (0x{facts.ReasonCode:X2}).",
            "The cluster answers as it should so far: a connection brings the user name and password, and its test tries the rest.")
        : null;

    /// <summary>Why the broker refused.</summary>
    public static StageOutcome Refused(ConnackFacts facts, MqttProtocol protocol, string? userName)
    {
        var user = userName is null ? "a client without a user name" : $"user {userName}";
        var code = facts.ReasonCode;
        var hex = $"0x{code:X2}";
        var outcome = code switch
        {
            1 or 0x84 => OtherVersion(protocol, hex),
            2 or 0x85 => StageOutcome.Failed(
                "client-id",
                $"The broker refused the client id ({hex}).",
                "Some brokers accept only registered client ids, or a prefix: look at the broker's rules for client ids."),
            4 or 0x86 when userName is null => StageOutcome.Failed(
                "bad-credentials", $"The broker refused {user} ({hex}).", "Give the connection a user name and password."),
            4 or 0x86 => StageOutcome.Failed(
                "bad-credentials", $"User name or password is wrong ({hex}).", $"Check both. The broker refused {user}."),
            5 or 0x87 => StageOutcome.Failed(
                "not-authorised",
                $"The broker refused {user} ({hex}, not authorised).",
                "Many brokers say this for a wrong password too: check user and password first, then whether this user may connect."),
            3 or 0x88 => StageOutcome.Failed(
                "unavailable",
                $"The broker is not available at present ({hex}).",
                "Try again in a moment; look at the broker's log if it stays so."),
            0x89 => StageOutcome.Failed("busy", $"The broker is busy ({hex}).", "Try again in a moment."),
            0x8A => StageOutcome.Failed(
                "banned",
                $"The broker has banned {user} or this machine ({hex}).",
                "Look at the broker's list of bans."),
            0x8C => StageOutcome.Failed(
                "auth-method",
                $"The broker wants another way to sign in ({hex}).",
                "Only user name and password, or a client certificate, are offered: allow one of them in the broker."),
            0x95 => StageOutcome.Failed(
                "packet-too-large",
                $"The broker says that the CONNECT is too large ({hex}).",
                "Shorten user name and password, or raise the broker's maximum packet size."),
            0x97 => StageOutcome.Failed(
                "quota",
                $"A quota of the broker is exceeded ({hex}).",
                "Look at the broker's limit of connections, for all and for this user."),
            0x9C or 0x9D => StageOutcome.Failed(
                "other-server",
                $"The broker asks to use another server{(facts.ServerReference is { } other ? $": {other}" : " and does not say which")} ({hex}).",
                "Register that server's address as endpoint of the cluster."),
            0x9F => StageOutcome.Failed(
                "rate",
                $"The broker takes no more connections at this rate ({hex}).",
                "Try again in a moment, or raise the broker's limit."),
            _ => StageOutcome.Failed("refused", $"The broker refused {user} ({hex}, {Name(code)}).", "The broker's log says more."),
        };
        return facts.ReasonText is { Length: > 0 } words
            ? outcome with { Result = $"{outcome.Result}\nThe broker adds: {words}" }
            : outcome;
    }

    /// <summary>The broker speaks only the other version of MQTT.</summary>
    public static StageOutcome OtherVersion(MqttProtocol protocol, string evidence) => protocol == MqttProtocol.V5
        ? StageOutcome.Failed("wrong-version", $"The broker does not speak MQTT 5 ({evidence}).", "Set the cluster's protocol to 3.1.1.")
        : StageOutcome.Failed("wrong-version", $"The broker does not speak MQTT 3.1.1 ({evidence}).", "Set the cluster's protocol to 5.");

    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: >= uint.MaxValue } => "for ever",
        { TotalSeconds: 0 } => "none",
        { TotalDays: >= 2 } => $"{span.TotalDays:0.#} days",
        { TotalHours: >= 1 } => $"{span.TotalHours:0.#} h",
        { TotalMinutes: >= 1 } => $"{span.TotalMinutes:0.#} min",
        _ => $"{span.TotalSeconds:0} s",
    };

    private static TimeSpan Expiry(ConnackFacts facts) => facts.SessionExpiry is { } granted ? TimeSpan.FromSeconds(granted) : AskedExpiry;

    private static string Name(byte code) => code switch
    {
        0x80 => "an unspecified error",
        0x81 => "malformed packet",
        0x82 => "protocol error",
        0x83 => "an error of its own implementation",
        0x90 => "topic name of the will",
        0x99 => "payload format of the will",
        0x9A => "no retained messages",
        0x9B => "QoS of the will",
        _ => "a reason that MQTT does not name",
    };
}
