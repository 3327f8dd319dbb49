using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Mapping;
using Portal.Engine.Pipelines;
using Portal.Engine.Probing;
using Portal.Engine.Reading;
using Portal.Engine.Replay;
using Portal.Engine.Sampling;
using Portal.Engine.Sinks;
using Portal.Engine.Telemetry;

namespace Portal.Engine;

/// <summary>Puts the engine into a host.</summary>
public static class ConnectorEngineServices
{
    /// <summary>
    /// Adds <see cref="IPipelineSupervisor"/> and what it is made of, <see cref="IEndpointProbe"/>, <see cref="ITopicReader"/> and
    /// <see cref="ISampler"/>. The host adds logging, and may add a <see cref="TimeProvider"/> before.
    /// </summary>
    public static IServiceCollection AddConnectorEngine(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);

        // One set of instruments and one set of pipelines per process: both outlive every request. The container disposes the
        // supervisor at shutdown, which drains every pipeline and leaves the sessions at the brokers.
        services.AddSingleton<EngineMetrics>();
        services.AddSingleton<IRecordMapperFactory, RecordMapperFactory>();
        services.AddSingleton<IRecordSinkFactory, KafkaSinkFactory>();
        services.AddSingleton<IPipelineSupervisor, PipelineSupervisor>();
        // Without state: each probe, reading and sample makes its own connections and closes them.
        services.AddSingleton<IEndpointProbe, EndpointProbe>();
        services.AddSingleton<ITopicReader, TopicReader>();
        services.AddSingleton<IMessageReplay, MessageReplay>();
        services.AddSingleton<ISampler, Sampler>();
        return services;
    }
}
