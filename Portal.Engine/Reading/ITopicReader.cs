using Portal.Engine.Specs;

namespace Portal.Engine.Reading;

/// <summary>
/// Reads records of a topic without joining any consumer group: nothing is committed, and whoever else reads the topic notices nothing.
/// </summary>
public interface ITopicReader
{
    /// <summary>
    /// Reads what <see cref="TopicScan.Choose"/> asks for, partition by partition in offset order. Bounded in bytes and time, whatever the
    /// cluster does: a partition that does not answer is named in the result and holds up no other.
    /// </summary>
    /// <param name="kafka">The cluster and the credentials.</param>
    /// <param name="scan">What to read, and the bounds.</param>
    /// <param name="take">
    /// Called for each record, one after the other, on a thread of the reader; must not wait. False ends the scan. Records of one partition
    /// come in the order of their offsets.
    /// </param>
    /// <param name="cancellationToken">Ends the scan; what librdkafka does meanwhile ends in the background.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<TopicReading> ScanAsync(KafkaSpec kafka, TopicScan scan, Func<TopicRecord, bool> take, CancellationToken cancellationToken);
}
