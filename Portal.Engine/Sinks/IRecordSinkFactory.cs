using Portal.Engine.Specs;

namespace Portal.Engine.Sinks;

/// <summary>Makes the sink of a pipeline.</summary>
public interface IRecordSinkFactory
{
    /// <summary>
    /// Makes a sink for <c>spec.Id</c>, <c>spec.Sink</c> and <c>spec.Delivery</c>. Never waits and never connects: a Kafka that cannot be
    /// reached, or refuses, is a state of the sink.
    /// </summary>
    /// <param name="spec">A valid spec; a change of mapping or filter alone keeps the sink.</param>
    /// <param name="listener">Told of receipts, states and refusals until the sink is disposed.</param>
    IRecordSink Create(PipelineSpec spec, ISinkListener listener);
}
