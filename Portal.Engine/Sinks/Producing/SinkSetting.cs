using Microsoft.Extensions.Logging;
using Portal.Engine.Sinks.Failures;
using Portal.Engine.Sinks.Topics;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Producing;

/// <summary>What all parts of one sink know, unchanged over its producers.</summary>
internal sealed record SinkSetting(
    string TaskId,
    SinkSpec Sink,
    DeliverySpec Delivery,
    ISinkListener Listener,
    SinkConditions Conditions,
    ITopicCreator Creator,
    TimeProvider Time,
    ILogger Logger,
    DeadLetterOrigin? Origin = null)
{
    /// <summary>The pauses between attempts, of all producers.</summary>
    public SinkRetries Retries { get; } = new(Conditions, Time);
}
