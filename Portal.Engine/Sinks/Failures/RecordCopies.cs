using System.Runtime.InteropServices;
using Confluent.Kafka;
using Portal.Engine.Mapping;
using Portal.Engine.Sinks.Native;

namespace Portal.Engine.Sinks.Failures;

/// <summary>Copies records that failed, so that they can travel again.</summary>
internal static unsafe class RecordCopies
{
    /// <summary>A record as its sender has it.</summary>
    public static void CopyFrom(this KafkaRecord copy, KafkaRecord record)
    {
        copy.Clear();
        copy.Topic = record.Topic;
        copy.IsTopicFromMessage = record.IsTopicFromMessage;
        copy.Timestamp = record.Timestamp;
        copy.IsTombstone = record.IsTombstone;
        copy.SetMqttTopic(copy.Append(record.MqttTopic));
        if (record.HasKey)
        {
            copy.SetKey(record.Key);
        }

        foreach (var header in record.Headers)
        {
            copy.AddHeader(record.Name(header), record.Value(header));
        }

        if (!record.PartitionKey.IsEmpty)
        {
            copy.SetPartitionKey(record.PartitionKey);
        }
    }

    /// <summary>A record as its delivery report has it.</summary>
    public static void CopyFrom(this KafkaRecord copy, NativeMessage* message)
    {
        copy.Clear();
        copy.Topic = Librdkafka.Text(Librdkafka.rd_kafka_topic_name(message->Topic));
        copy.Timestamp = Timestamp(message);
        copy.IsTombstone = message->Payload == null;
        if (message->Key != null)
        {
            copy.SetKey(new ReadOnlySpan<byte>(message->Key, (int)message->KeyLength));
        }

        nint headers;
        if (Librdkafka.rd_kafka_message_headers(message, &headers) != ErrorCode.NoError)
        {
            return;
        }

        byte* name;
        byte* value;
        nuint length;
        for (nuint i = 0; Librdkafka.rd_kafka_header_get_all(headers, i, &name, &value, &length) == ErrorCode.NoError; i++)
        {
            copy.AddHeader(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name), new ReadOnlySpan<byte>(value, (int)length));
        }
    }

    /// <summary>What the record weighs: key, value and headers.</summary>
    public static int Weight(this KafkaRecord record, int value)
    {
        var weight = value + record.Key.Length;
        foreach (var header in record.Headers)
        {
            weight += header.NameLength + header.ValueLength;
        }

        return weight;
    }

    // librdkafka keeps the timestamp to itself while the message shows an error, and has no other way to tell it.
    private static long Timestamp(NativeMessage* message)
    {
        var error = message->Error;
        message->Error = ErrorCode.NoError;
        int kind;
        var timestamp = Librdkafka.rd_kafka_message_timestamp(message, &kind);
        message->Error = error;
        return Math.Max(0, timestamp);
    }
}
