using System.Globalization;
using Portal.Engine.Specs;

namespace Portal.Engine.Sinks.Producing;

/// <summary>The settings of a pipeline's producer.</summary>
internal static class ProducerSettings
{
    /// <summary>The largest batch that is asked for at first: librdkafka's default, and below Kafka's default limit of a topic.</summary>
    public const int LargestBatch = 1_000_000;

    /// <summary>What a record may weigh more than <see cref="SinkSpec.MaxMessageBytes"/>: a dead letter carries the record and why it died.</summary>
    private const int Envelope = 64 * 1024;

    public static Dictionary<string, string> Of(string taskId, SinkSpec sink, int batchBytes)
    {
        var config = KafkaClientConfig.Of(sink.Kafka, taskId);
        config["enable.idempotence"] = "true";
        config["acks"] = "all";
        // A record is never given up because of its age: an outage is a state of the sink, whatever its length.
        config["message.timeout.ms"] = "0";
        config["linger.ms"] = sink.Linger.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
        config["compression.type"] = sink.Compression switch
        {
            KafkaCompression.Gzip => "gzip",
            KafkaCompression.Snappy => "snappy",
            KafkaCompression.Lz4 => "lz4",
            KafkaCompression.Zstd => "zstd",
            _ => "none",
        };
        // The Java client's hash, so that a key lands where every other producer puts it.
        config["partitioner"] = "murmur2_random";
        // The windows are the bound; this one only has to lie above them.
        config["queue.buffering.max.messages"] = "10000000";
        config["batch.size"] = batchBytes.ToString(CultureInfo.InvariantCulture);
        // The limit of a record is ours to check; a dead letter may be larger than the record that it holds.
        var largest = Math.Clamp(sink.MaxMessageBytes + (long)Envelope, LargestBatch, 1_000_000_000);
        config["message.max.bytes"] = largest.ToString(CultureInfo.InvariantCulture);
        // Otherwise asking for a missing topic would make the broker create it, with defaults that nobody chose.
        config["allow.auto.create.topics"] = "false";
        config["log.queue"] = "true";
        return config;
    }
}
