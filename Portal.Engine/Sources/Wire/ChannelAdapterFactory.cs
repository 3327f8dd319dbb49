using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;

namespace Portal.Engine.Sources.Wire;

/// <summary>Gives MQTTnet's client the adapter of one session.</summary>
internal sealed class ChannelAdapterFactory(IPublishHandler handler, TimeSpan keepAlive, TimeProvider time) : IMqttClientAdapterFactory
{
    /// <summary>The adapter, once the client began to connect.</summary>
    public ChannelAdapter? Adapter { get; private set; }

    public IMqttChannelAdapter CreateClientAdapter(MQTTnet.MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger) =>
        Adapter = new ChannelAdapter(
            BrokerOptions.OpenChannel(options),
            new MqttPacketFormatterAdapter(options.ProtocolVersion, new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax)),
            handler,
            keepAlive,
            time);
}
