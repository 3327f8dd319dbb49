using System.Runtime.InteropServices;

namespace Portal.Engine.Sinks.Native;

/// <summary>
/// One argument of <c>rd_kafka_produceva</c>: <c>rd_kafka_vu_t</c>, a tag and a union padded to 64 bytes. Set in place, since a record has
/// a dozen and the padding need not be written.
/// </summary>
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

    public void Topic(nint handle) => Set(2, handle);

    public void Partition(int partition) => (_tag, _number) = (3, (uint)partition);

    public void Value(byte* bytes, int length) => Set(4, (nint)bytes, length);

    public void Key(byte* bytes, int length) => Set(5, (nint)bytes, length);

    public void Opaque(ulong value) => Set(6, (nint)value);

    /// <summary>Makes librdkafka copy key and value before the call returns.</summary>
    public void CopyBytes() => (_tag, _number) = (7, 2);

    public void Timestamp(long milliseconds) => (_tag, _number) = (8, milliseconds);

    public void Header(byte* name, byte* value, int length) => (_tag, _first, _second, _third) = (9, (nint)name, (nint)value, length);

    public void Headers(nint list) => Set(10, list);

    private void Set(int tag, nint first, nint second = 0) => (_tag, _first, _second) = (tag, first, second);
}
