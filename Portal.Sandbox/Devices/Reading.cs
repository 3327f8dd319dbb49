using MQTTnet.Protocol;

namespace Portal.Sandbox.Devices;

/// <summary>What a device has to say: one PUBLISH.</summary>
internal sealed record Reading(string Topic, byte[] Json)
{
    public MqttQualityOfServiceLevel Qos { get; init; } = MqttQualityOfServiceLevel.AtLeastOnce;

    public bool Retain { get; init; }
}
