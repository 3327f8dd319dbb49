using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Portal.Engine.Sinks;
using Portal.Engine.Specs;

namespace Portal.Engine.Reading;

/// <summary>One client of librdkafka for one reading. Its calls block: use it on a thread of its own.</summary>
internal sealed class TopicConsumer : IDisposable
{
    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly IAdminClient _admin;
    private volatile Error? _refusal;
    private volatile string? _lastError;

    /// <exception cref="InvalidOperationException">The settings cannot be used.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public TopicConsumer(KafkaSpec kafka)
    {
        var config = KafkaClientConfig.Of(kafka, "connector-portal-reader");
        // Needed by the client, and never used: nothing is subscribed and nothing committed.
        config["group.id"] = "connector-portal-reader";
        config["enable.auto.commit"] = "false";
        config["enable.auto.offset.store"] = "false";
        config["enable.partition.eof"] = "true";
        // What was deleted between the question and the reading is no error.
        config["auto.offset.reset"] = "earliest";
        config["allow.auto.create.topics"] = "false";
        config["fetch.wait.max.ms"] = "100";
        config["fetch.error.backoff.ms"] = "200";
        // A reading is short: what is fetched ahead of it is thrown away.
        config["queued.min.messages"] = "2000";
        config["queued.max.messages.kbytes"] = "16384";
        config["fetch.queue.backoff.ms"] = "10";
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).SetErrorHandler((_, error) => Hear(error)).SetLogHandler((_, _) => { }).Build();
        _admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
    }

    /// <summary>What Kafka refused the client with, or null.</summary>
    public Error? Refusal => _refusal;

    /// <summary>The last that librdkafka complained about, or null.</summary>
    public string? LastError => _lastError;

    public TopicMetadata? Describe(string topic, TimeSpan patience) =>
        _admin.GetMetadata(topic, patience).Topics.FirstOrDefault(found => found.Topic == topic);

    /// <summary>The first or the next offset of these partitions; a partition that did not answer has an error instead.</summary>
    public async Task<IReadOnlyList<TopicPartitionOffsetError>> OffsetsAsync(
        string topic, IReadOnlyList<int> partitions, OffsetSpec which, TimeSpan patience, CancellationToken cancellationToken)
    {
        var asked = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = which });
        try
        {
            var found = await _admin.ListOffsetsAsync(asked, new() { RequestTimeout = patience }).WaitAsync(cancellationToken);
            return [.. found.ResultInfos.Select(info => info.TopicPartitionOffsetError)];
        }
        catch (ListOffsetsException some)
        {
            return [.. some.Result.ResultInfos.Select(info => info.TopicPartitionOffsetError)];
        }
        catch (KafkaException none)
        {
            return [.. partitions.Select(partition => new TopicPartitionOffsetError(topic, partition, Offset.Unset, none.Error))];
        }
    }

    public void Assign(IEnumerable<TopicPartitionOffset> starts) => _consumer.Assign(starts);

    /// <summary>Stops fetching a partition; records of it that were fetched already may still come.</summary>
    public void Leave(TopicPartition partition) => _consumer.Pause([partition]);

    /// <summary>The next record, end of a partition, or null after a while.</summary>
    /// <exception cref="ConsumeException">A partition, or the client, has an error.</exception>
    public ConsumeResult<byte[]?, byte[]?>? Next(TimeSpan wait) => _consumer.Consume(wait);

    /// <summary>In the background: librdkafka waits there for what is on its way.</summary>
    public void Dispose() => _ = OwnThread.RunAsync(() =>
    {
        _admin.Dispose();
        _consumer.Dispose();
    });

    private void Hear(Error error)
    {
        if (error.Code is ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Ssl || error.IsFatal)
        {
            _refusal ??= error;
        }

        // That all are down is no reason; why one is, came before.
        if (error.Code != ErrorCode.Local_AllBrokersDown)
        {
            _lastError = error.Reason;
        }
    }
}
