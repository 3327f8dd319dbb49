using Portal.Engine.Probing.Kafka;
using Portal.Engine.Probing.Mqtt;
using Portal.Engine.Specs;

namespace Portal.Engine.Probing;

/// <summary>Both probes as one seam.</summary>
internal sealed class EndpointProbe(TimeProvider time) : IEndpointProbe
{
    public IAsyncEnumerable<ProbeReport> ProbeMqttAsync(MqttBrokerSpec broker, bool userFollows, CancellationToken cancellationToken) =>
        new MqttProbe(time).ProbeAsync(broker, userFollows, cancellationToken);

    public IAsyncEnumerable<ProbeReport> ProbeKafkaAsync(KafkaSpec kafka, KafkaProbeTarget target, CancellationToken cancellationToken) =>
        new KafkaProbe(time).ProbeAsync(kafka, target, cancellationToken);
}
