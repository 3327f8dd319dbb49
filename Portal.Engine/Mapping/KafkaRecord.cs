namespace Portal.Engine.Mapping;

/// <summary>
/// The record that is about to be sent, except its value, which is the payload and stays in the receive buffer. Reused: each
/// client has one, the mapper fills it, the sink reads it before its call returns. Allocates only when it grows.
/// </summary>
/// <remarks>
/// All bytes lie in one pinned buffer, so that the sink can hand out pointers without copying. Header names are followed by a zero
/// byte there, as librdkafka wants them. Not thread-safe.
/// </remarks>
public sealed class KafkaRecord
{
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(4096, pinned: true);
    private Header[] _headers = new Header[32];
    private int _used;
    private int _keyStart;
    private int _keyLength;
    private int _partitionKeyStart;
    private int _partitionKeyLength;

    /// <summary>The target topic. Set by reference to a string that the mapper keeps, so that the sink can look up its handle quickly.</summary>
    public string Topic { get; set; } = "";

    /// <summary>
    /// Whether the message itself decided the topic (a map or a template). Such a topic, when it is illegal, missing or not allowed, is
    /// a failure of this message; otherwise it is a state of the sink.
    /// </summary>
    public bool IsTopicFromMessage { get; set; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long Timestamp { get; set; }

    /// <summary>Whether the value is null (a tombstone) whatever the payload.</summary>
    public bool IsTombstone { get; set; }

    /// <summary>The key; empty and <see cref="HasKey"/> false when there is none.</summary>
    public ReadOnlySpan<byte> Key => _keyLength < 0 ? default : _bytes.AsSpan(_keyStart, _keyLength);

    /// <summary>Whether there is a key; an empty key is a key.</summary>
    public bool HasKey => _keyLength >= 0;

    /// <summary>What decides the partition instead of the key, for the rules that need it; empty otherwise.</summary>
    public ReadOnlySpan<byte> PartitionKey => _partitionKeyLength < 0 ? default : _bytes.AsSpan(_partitionKeyStart, _partitionKeyLength);

    /// <summary>How many headers there are.</summary>
    public int HeaderCount { get; private set; }

    /// <summary>The pinned bytes behind all offsets.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _used);

    /// <summary>The headers in order; names and values are ranges of <see cref="Bytes"/>.</summary>
    public ReadOnlySpan<Header> Headers => _headers.AsSpan(0, HeaderCount);

    /// <summary>A header: offsets into <see cref="Bytes"/>. The name is followed by a zero byte.</summary>
    public readonly record struct Header(int NameStart, int NameLength, int ValueStart, int ValueLength);

    /// <summary>The name of a header, without its zero byte.</summary>
    public ReadOnlySpan<byte> Name(Header header) => _bytes.AsSpan(header.NameStart, header.NameLength);

    /// <summary>The value of a header.</summary>
    public ReadOnlySpan<byte> Value(Header header) => _bytes.AsSpan(header.ValueStart, header.ValueLength);

    /// <summary>Empties it for the next message.</summary>
    public void Clear()
    {
        Topic = "";
        IsTopicFromMessage = false;
        Timestamp = 0;
        IsTombstone = false;
        _used = 0;
        _keyStart = 0;
        _keyLength = -1;
        _partitionKeyStart = 0;
        _partitionKeyLength = -1;
        HeaderCount = 0;
    }

    /// <summary>Sets the key by copying.</summary>
    public void SetKey(ReadOnlySpan<byte> key)
    {
        _keyStart = Append(key);
        _keyLength = key.Length;
    }

    /// <summary>Sets the partition key by copying.</summary>
    public void SetPartitionKey(ReadOnlySpan<byte> key)
    {
        _partitionKeyStart = Append(key);
        _partitionKeyLength = key.Length;
    }

    /// <summary>Adds a header by copying. A zero byte inside the name is not possible in Kafka's client: the caller has refused it.</summary>
    public void AddHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var nameStart = Append(name);
        Append([0]);
        var valueStart = Append(value);
        if (HeaderCount == _headers.Length)
        {
            Array.Resize(ref _headers, 2 * _headers.Length);
        }

        _headers[HeaderCount++] = new Header(nameStart, name.Length, valueStart, value.Length);
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        var start = _used;
        if (_bytes.Length - start < bytes.Length)
        {
            var larger = GC.AllocateUninitializedArray<byte>(Math.Max(2 * _bytes.Length, start + bytes.Length), pinned: true);
            _bytes.AsSpan(0, start).CopyTo(larger);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(start));
        _used = start + bytes.Length;
        return start;
    }
}
