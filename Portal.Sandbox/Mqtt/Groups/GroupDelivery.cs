using MQTTnet;
using MQTTnet.Protocol;

namespace Portal.Sandbox.Mqtt.Groups;

/// <summary>Hands a published message to one member of each shared group that wants it.</summary>
internal sealed class GroupDelivery(SharedGroups groups, DroppedMessages dropped)
{
    public void Deliver(MqttApplicationMessage message)
    {
        foreach (var candidates in groups.Candidates(message.Topic))
        {
            if (!candidates.Any(member => member.Enqueue(For(member, message))))
            {
                dropped.Add(candidates[0].ClientId);
            }
        }
    }

    private static MqttApplicationMessage For(GroupMember member, MqttApplicationMessage message) => new()
    {
        Topic = message.Topic,
        Payload = message.Payload,
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)Math.Min((int)message.QualityOfServiceLevel, (int)member.GrantedQos),
        Retain = message.Retain && member.RetainAsPublished,
        ContentType = message.ContentType,
        CorrelationData = message.CorrelationData,
        MessageExpiryInterval = message.MessageExpiryInterval,
        PayloadFormatIndicator = message.PayloadFormatIndicator,
        ResponseTopic = message.ResponseTopic,
        SubscriptionIdentifiers = member.SubscriptionIdentifier == 0 ? null : [member.SubscriptionIdentifier],
        UserProperties = message.UserProperties,
    };
}
