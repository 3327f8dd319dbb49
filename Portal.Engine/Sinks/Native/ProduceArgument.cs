using System.Runtime.InteropServices;

namespace Portal.Engine.Sinks.Native;

/// <summary>One argument of <c>rd_kafka_produceva</c>: <c>rd_kafka_vu_t</c>, a tag and a union padded to 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct ProduceArgument
{
    [FieldOffset(0)]
    private int _tag;

    [FieldOffset(8)]
    private nint _first;

    [FieldOffset(8)]
    private long _number;

    [FieldOffset(16)]
    private nint _second;

    [FieldOffset(24)]
    private nint _third;

    public static ProduceArgument Topic(nint handle) => new() { _tag = 2, _first = handle };

    public static ProduceArgument Partition(int partition) => new() { _tag = 3, _number = (uint)partition };

    public static ProduceArgument Value(byte* bytes, int length) => new() { _tag = 4, _first = (nint)bytes, _second = length };

    public static ProduceArgument Key(byte* bytes, int length) => new() { _tag = 5, _first = (nint)bytes, _second = length };

    public static ProduceArgument Opaque(ulong value) => new() { _tag = 6, _first = (nint)value };

    /// <summary>Makes librdkafka copy key and value before the call returns.</summary>
    public static ProduceArgument CopyBytes() => new() { _tag = 7, _number = 2 };

    public static ProduceArgument Timestamp(long milliseconds) => new() { _tag = 8, _number = milliseconds };

    public static ProduceArgument Header(byte* name, byte* value, int length) =>
        new() { _tag = 9, _first = (nint)name, _second = (nint)value, _third = length };

    public static ProduceArgument Headers(nint list) => new() { _tag = 10, _first = list };
}
