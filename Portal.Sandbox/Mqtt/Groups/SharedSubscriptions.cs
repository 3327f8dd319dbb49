using System.Collections.Concurrent;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Portal.Sandbox.Mqtt.Groups;

/// <summary>
/// Teaches MQTTnet.Server shared subscriptions from outside. It refuses <c>$share</c> before any event that could allow it, so these
/// filters are taken out of the SUBSCRIBE before the server sees it and their answers are put into the SUBACK on its way out.
/// </summary>
internal sealed class SharedSubscriptions(MqttServer server, SharedGroups groups, DroppedMessages dropped)
{
    private readonly ConcurrentDictionary<string, SessionGate> _gates = new(StringComparer.Ordinal);

    /// <summary>A client was let in; its session may be resumed from here on until its CONNACK goes out.</summary>
    public void OnAccepted(string clientId)
    {
        if (_gates.TryGetValue(clientId, out var gate))
        {
            gate.Close();
        }
    }

    public void OnSessionDeleted(string clientId)
    {
        groups.LeaveAll(clientId);
        _gates.TryRemove(clientId, out _);
    }

    public async Task OnInboundAsync(InterceptingPacketEventArgs packet)
    {
        if (packet.Packet is MqttSubscribePacket subscribe
            && (subscribe.TopicFilters.Count > 1 || SharedFilter.IsShared(subscribe.TopicFilters[0].Topic)))
        {
            var answers = new MqttSubscribeReasonCode?[subscribe.TopicFilters.Count];
            var rest = new List<(int Position, MqttTopicFilter Filter)>();
            foreach (var (position, filter) in subscribe.TopicFilters.Index())
            {
                if (SharedFilter.IsShared(filter.Topic))
                {
                    answers[position] = await JoinAsync(packet.ClientId, filter, subscribe.SubscriptionIdentifier);
                }
                else
                {
                    rest.Add((position, filter));
                }
            }

            // The server answers in descending order of QoS instead of the order asked for [MQTT-3.8.4-6]; sorted before, its answers can
            // be put back in place.
            var served = rest.OrderByDescending(item => item.Filter.QualityOfServiceLevel).ToArray();
            packet.SessionItems[AnswerKey(subscribe.PacketIdentifier)] =
                new PendingAnswer(answers, [.. served.Select(item => item.Position)]);
            subscribe.TopicFilters = [.. served.Select(item => item.Filter)];
        }
    }

    public void OnOutbound(InterceptingPacketEventArgs packet)
    {
        switch (packet.Packet)
        {
            case MqttConnAckPacket connAck:
                connAck.SharedSubscriptionAvailable = true;
                if (!connAck.IsSessionPresent)
                {
                    // A clean start replaces the session without an event of its own.
                    groups.LeaveAll(packet.ClientId);
                }

                if (_gates.TryGetValue(packet.ClientId, out var gate))
                {
                    dropped.Add(packet.ClientId, gate.Open());
                }

                break;

            case MqttSubAckPacket subAck when packet.SessionItems[AnswerKey(subAck.PacketIdentifier)] is PendingAnswer answer:
                packet.SessionItems.Remove(AnswerKey(subAck.PacketIdentifier));
                subAck.ReasonCodes = answer.Complete(subAck.ReasonCodes);
                break;

            // The server counts plain subscribers only; 0x00 is always allowed instead of 0x10 (MQTT 5, 3.4.2.1).
            case MqttPubAckPacket { ReasonCode: MqttPubAckReasonCode.NoMatchingSubscribers } pubAck:
                pubAck.ReasonCode = MqttPubAckReasonCode.Success;
                break;

            case MqttPubRecPacket { ReasonCode: MqttPubRecReasonCode.NoMatchingSubscribers } pubRec:
                pubRec.ReasonCode = MqttPubRecReasonCode.Success;
                break;
        }
    }

    /// <summary>Never awaits: the server raises this event while it holds a lock that belongs to the thread.</summary>
    public void OnUnsubscribing(InterceptingUnsubscriptionEventArgs unsubscription)
    {
        if (SharedFilter.IsShared(unsubscription.Topic))
        {
            unsubscription.ProcessUnsubscription = false;
            var left = SharedFilter.Parse(unsubscription.Topic) is { } shared && groups.Leave(shared, unsubscription.ClientId);
            unsubscription.Response.ReasonCode = left
                ? MqttUnsubscribeReasonCode.Success
                : MqttUnsubscribeReasonCode.NoSubscriptionExisted;
        }
    }

    private static (Type Kind, ushort PacketIdentifier) AnswerKey(ushort packetIdentifier) => (typeof(PendingAnswer), packetIdentifier);

    private async Task<MqttSubscribeReasonCode> JoinAsync(string clientId, MqttTopicFilter filter, uint subscriptionIdentifier)
    {
        // No Local on a shared subscription is a protocol error [MQTT-3.8.3-4].
        if (SharedFilter.Parse(filter.Topic) is not { } shared || filter.NoLocal)
        {
            return MqttSubscribeReasonCode.TopicFilterInvalid;
        }

        var session = await server.GetSessionAsync(clientId);
        var gate = _gates.GetOrAdd(clientId, _ => new SessionGate());
        groups.Join(shared, new GroupMember
        {
            ClientId = clientId,
            GrantedQos = filter.QualityOfServiceLevel,
            RetainAsPublished = filter.RetainAsPublished,
            SubscriptionIdentifier = subscriptionIdentifier,
            Enqueue = message => gate.Pass(() => session.TryEnqueueApplicationMessage(message, out _)),
        });
        return (MqttSubscribeReasonCode)filter.QualityOfServiceLevel;
    }

    private sealed record PendingAnswer(MqttSubscribeReasonCode?[] Known, int[] PositionsOfRest)
    {
        public List<MqttSubscribeReasonCode> Complete(List<MqttSubscribeReasonCode> rest)
        {
            var all = Known.ToArray();
            for (var i = 0; i < PositionsOfRest.Length && i < rest.Count; i++)
            {
                all[PositionsOfRest[i]] = rest[i];
            }

            return [.. all.Select(code => code ?? MqttSubscribeReasonCode.UnspecifiedError)];
        }
    }
}
