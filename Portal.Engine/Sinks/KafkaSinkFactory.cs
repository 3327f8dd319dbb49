using Microsoft.Extensions.Logging;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks;

/// <summary>Makes sinks that write to Kafka.</summary>
/// <param name="creators">Those who create topics in a way of their own; for other clusters Kafka's admin protocol is used.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">For the sinks.</param>
public sealed class KafkaSinkFactory(IEnumerable<ITopicCreator> creators, TimeProvider time, ILoggerFactory loggers) : IRecordSinkFactory
{
    private readonly ITopicCreator[] _creators = [.. creators, new AdminTopicCreator()];

    /// <inheritdoc/>
    public IRecordSink Create(PipelineSpec spec, ISinkListener listener) => new KafkaSink(
        new DeadLetterOrigin(spec.Id, spec.Name.Length > 0 ? spec.Name : null, spec.Revision),
        spec.Sink,
        spec.Delivery,
        listener,
        _creators.First(creator => creator.Owns(spec.Sink.Kafka)),
        time,
        loggers.CreateLogger<KafkaSink>());
}
