using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Engine.Network;
using Portal.Engine.Sources.Wire;

namespace Portal.Engine.Probing.Mqtt;

/// <summary>
/// Joins a shared group that nobody else knows and sends one message through it: a broker that brings it back with QoS 1 can do what the
/// product promises. Some brokers take <c>$share</c> as an ordinary topic, and some grant what they then forbid, so a granted subscription
/// alone proves nothing.
/// </summary>
internal sealed class GroupTrial(ProbeWire wire, ConnackFacts facts, string id, string? userName)
{
    private const int PublishType = 3;
    private const int PubAckType = 4;
    private const int SubAckType = 9;
    private const int UnsubAckType = 11;
    private const int DisconnectType = 14;
    private const int WireClosed = -1;
    private const int WireSilent = -2;

    private const string ByHand =
        "To check by hand: let two clients subscribe to $share/test/x with QoS 1, publish ten messages to x; together they must get ten.";

    private static readonly TimeSpan DeliveryPatience = TimeSpan.FromSeconds(2);

    private readonly string _topic = $"probe/{id}";
    private readonly string _shared = $"$share/probe_{id}/probe/{id}";
    private string? _impossible;
    private string? _untold;
    private bool _proved;
    private ushort _packetId;

    /// <summary>The QoS that the broker granted to the shared subscription; null when it granted none.</summary>
    public int? GrantedQos { get; private set; }

    /// <summary>The stage <c>subscribe</c>.</summary>
    public async Task<StageOutcome> SubscribeAsync(CancellationToken cancellationToken)
    {
        if (!facts.SharedSubscriptions)
        {
            return NoSharedSubscriptions("it says so itself in CONNACK");
        }

        var (answer, code) = await SubscribeAsync(_shared, cancellationToken);
        GrantedQos = answer == SubAckType && code <= 2 ? code : null;
        return (answer, code) switch
        {
            (SubAckType, 0) => DowngradedTo0(),
            (SubAckType, <= 2) => StageOutcome.Passed($"Joined {_shared} with QoS {code}."),
            (_, 0x9E) => NoSharedSubscriptions("0x9E"),
            (_, 0x87) => MayNot("not-authorised", "it is not authorised (0x87)"),
            (_, 0x97) => MayNot(
                "quota", "a quota of the broker is exceeded (0x97)", "Look at the broker's limits of subscriptions: a task needs one for each of its filters."),
            (SubAckType, _) => await TellApartAsync(code, cancellationToken),
            (DisconnectType, _) => MayNot("closed", $"the broker ended the connection (0x{code:X2})"),
            (WireClosed, _) => MayNot("closed", "the broker closed the connection instead of answering"),
            _ => Silent(),
        };
    }

    /// <summary>The stage <c>verdict</c>.</summary>
    public async Task<StageOutcome> JudgeAsync(CancellationToken cancellationToken)
    {
        if (_impossible is null && facts.MaximumQos == 0)
        {
            _impossible = "the broker offers no QoS above 0";
        }

        if (_impossible is null && _untold is null)
        {
            await SendThroughAsync(cancellationToken);
            await LeaveAsync(cancellationToken);
        }

        return Judgement();
    }

    /// <summary>The verdict when the time of the probe is up: several endpoints share it, so that silence here proves nothing.</summary>
    public StageOutcome OutOfTime()
    {
        if (!_proved && _impossible is null)
        {
            _untold ??= "what the probe published did not come back in the time that was left";
        }

        return Judgement();
    }

    private StageOutcome Judgement()
    {
        if (_impossible is not null)
        {
            return StageOutcome.Failed(
                "impossible",
                $"At least once is not possible: {_impossible}.",
                "Use a broker, or a setting of this one, that offers shared subscriptions with QoS 1.");
        }

        if (_untold is not null)
        {
            return StageOutcome.Warning("untold", $"Whether at least once holds cannot be told here: {_untold}.", ByHand);
        }

        const string Proved = "At least once is proved possible: a QoS 1 message went through a shared group and came back with QoS 1.";
        return facts.SessionExpiry == 0
            ? StageOutcome.Warning(
                "no-sessions",
                $"{Proved}\nBut the broker keeps no sessions: what is published while a task is away is lost.",
                "Allow a session expiry in the broker's settings.")
            : StageOutcome.Passed(Proved);
    }

    private StageOutcome NoSharedSubscriptions(string evidence)
    {
        _impossible = "the broker has no shared subscriptions";
        return StageOutcome.Failed(
            "no-shared-subscriptions",
            $"The broker has no shared subscriptions ({evidence}).",
            "Every task joins a shared group. Allow shared subscriptions in the broker's settings, or use a broker that has them.");
    }

    private StageOutcome DowngradedTo0()
    {
        _impossible = "the broker grants only QoS 0 to a shared subscription";
        return StageOutcome.Warning(
            "qos-downgraded",
            "The broker granted QoS 0 where QoS 1 was asked for.",
            "Allow QoS 1 for shared subscriptions in the broker's settings.");
    }

    private StageOutcome MayNot(string cause, string why, string? advice = null)
    {
        _untold = "the probe could not subscribe to its own topic";
        return StageOutcome.Warning(
            cause,
            $"{(userName is null ? "The client" : $"User {userName}")} could not subscribe to {_shared}: {why}.",
            advice ?? "Where users may read only some topics this says nothing about those of a task. Allow the topic probe/# to let the probe prove it.");
    }

    private StageOutcome Silent()
    {
        _untold = "the broker did not answer SUBSCRIBE";
        return StageOutcome.Failed(
            "silent",
            $"The broker did not answer SUBSCRIBE in {Dialer.Patience.TotalSeconds:0} s.",
            "Look whether the broker is overloaded, and try again.");
    }

    /// <summary>A refusal without a reason: if the same topic is granted without a group, it was the group.</summary>
    private async Task<StageOutcome> TellApartAsync(int code, CancellationToken cancellationToken)
    {
        var (answer, plain) = await SubscribeAsync(_topic, cancellationToken);
        return answer == SubAckType && plain <= 2
            ? NoSharedSubscriptions($"0x{code:X2}; the same topic without a group is granted")
            : MayNot("not-authorised", $"the broker refused without a reason (0x{code:X2})");
    }

    private async Task SendThroughAsync(CancellationToken cancellationToken)
    {
        switch (await PublishAsync(cancellationToken))
        {
            case (PublishType, > 0):
                _proved = true;
                return;
            case (PublishType, _):
                _impossible = "the broker delivers with QoS 0 to a shared subscription";
                return;
            case (PubAckType, var code):
                _untold = $"the probe may not publish to its own topic (0x{code:X2}), so nothing came back";
                return;
            case (WireClosed or DisconnectType, _):
                _untold = "the broker closed the connection when the probe published to its own topic";
                return;
        }

        // Granted, and nothing came: either the group is a mere name to this broker, or the user may not use the topic.
        var (answer, plain) = await SubscribeAsync(_topic, cancellationToken);
        if (answer == SubAckType && plain <= 2 && await PublishAsync(cancellationToken) is (PublishType, _))
        {
            _impossible = "the broker takes $share as an ordinary topic and delivers nothing to a shared group";
        }
        else
        {
            _untold = "the subscription was granted, but what the probe published did not come back; the user may lack the right to publish";
        }
    }

    /// <summary>The type of what came and its code: a PUBLISH with its QoS, a PUBACK that refuses, the end, or silence.</summary>
    private async Task<(int Answer, int Code)> PublishAsync(CancellationToken cancellationToken)
    {
        var packetId = ++_packetId;
        var sent = await TrySendAsync(
            new MqttPublishPacket
            {
                Topic = _topic,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                PacketIdentifier = packetId,
                PayloadSegment = "probe"u8.ToArray(),
            },
            cancellationToken);
        if (!sent)
        {
            return (WireClosed, 0);
        }

        MqttPublishPacket? back = null;
        var refused = 0;
        var result = await wire.ReadUntilAsync(
            next =>
            {
                switch (wire.Decode(next))
                {
                    case MqttPublishPacket publish:
                        back = publish;
                        return true;
                    case MqttPubAckPacket { ReasonCode: >= MqttPubAckReasonCode.UnspecifiedError } refusal:
                        refused = (int)refusal.ReasonCode;
                        return true;
                    default:
                        return false;
                }
            },
            DeliveryPatience,
            cancellationToken);
        if (back is null)
        {
            return refused != 0 ? (PubAckType, refused) : Ended(result);
        }

        if (back.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            await TrySendAsync(new MqttPubAckPacket { PacketIdentifier = back.PacketIdentifier }, cancellationToken);
        }

        return (PublishType, (int)back.QualityOfServiceLevel);
    }

    private async Task<(int Answer, int Code)> SubscribeAsync(string filter, CancellationToken cancellationToken)
    {
        var subscribe = new MqttSubscribePacket
        {
            PacketIdentifier = ++_packetId,
            TopicFilters = [new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce }],
        };
        if (!await TrySendAsync(subscribe, cancellationToken))
        {
            return (WireClosed, 0);
        }

        var result = await wire.ReadUntilAsync(next => next.PacketType == SubAckType, Dialer.Patience, cancellationToken);
        return result is { Answer: WireAnswer.Packet, PacketType: SubAckType, Body: [.., var code] } ? (SubAckType, code) : Ended(result);
    }

    private static (int Answer, int Code) Ended(WireResult result) => result switch
    {
        { Answer: WireAnswer.Packet, PacketType: DisconnectType } => (DisconnectType, result.Body is [var code, ..] ? code : 0),
        { Answer: WireAnswer.Silent } => (WireSilent, 0),
        _ => (WireClosed, 0),
    };

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        var unsubscribe = new MqttUnsubscribePacket { PacketIdentifier = ++_packetId, TopicFilters = [_shared, _topic] };
        if (await TrySendAsync(unsubscribe, cancellationToken))
        {
            await wire.ReadUntilAsync(next => next.PacketType == UnsubAckType, TimeSpan.FromSeconds(1), cancellationToken);
        }
    }

    private async Task<bool> TrySendAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        try
        {
            await wire.SendAsync(packet, cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
