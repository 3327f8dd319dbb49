using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Portal.Engine.Sinks.Native;

/// <summary><c>rd_kafka_message_t</c>: a record as its delivery report shows it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMessage
{
    public ErrorCode Error;
    public nint Topic;
    public int Partition;
    public byte* Payload;
    public nuint PayloadLength;
    public byte* Key;
    public nuint KeyLength;
    public long Offset;
    public ulong Opaque;

    /// <summary>The value; empty for a tombstone too.</summary>
    public readonly ReadOnlySpan<byte> Value => new(Payload, (int)PayloadLength);
}

/// <summary><c>rd_kafka_metadata</c>, as far as it is read here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeMetadata
{
    public int BrokerCount;
    public nint Brokers;
    public int TopicCount;
    public NativeTopicMetadata* Topics;
}

/// <summary><c>rd_kafka_metadata_topic</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeTopicMetadata
{
    public nint Name;
    public int PartitionCount;
    public NativePartitionMetadata* Partitions;
    public ErrorCode Error;
}

/// <summary><c>rd_kafka_metadata_partition</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativePartitionMetadata
{
    public int Id;
    public ErrorCode Error;
    public int Leader;
    public int ReplicaCount;
    public nint Replicas;
    public int InSyncCount;
    public nint InSync;
}
